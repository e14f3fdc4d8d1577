#pragma once

/// Locks that maintain a wait-for graph, so that a deadlock among them can be seen and ended.
///
/// The graph says which thread holds and which thread awaits which lock: a deadlock is a cycle in it
/// (Coffman, Elphick & Shoshani, 1971). Threads and locks are numbers. A thread waits for at most one
/// lock, and a lock has at most one holder.

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "harness/pitfalls/run_together.hpp"

namespace lockbench {

/// A thread in a cycle: it holds one lock, and waits for one that the next thread holds.
struct Stuck {
  std::size_t thread = 0;
  std::size_t holds = 0;
  std::size_t waits_for = 0;

  bool operator==(const Stuck&) const = default;
};

/// Not thread-safe.
class WaitForGraph {
public:
  WaitForGraph(std::size_t threads, std::size_t locks) : awaited_(threads), holder_(locks) {}

  void set_holder(std::size_t lock, std::optional<std::size_t> thread) { holder_[lock] = thread; }
  [[nodiscard]] std::optional<std::size_t> holder(std::size_t lock) const { return holder_[lock]; }
  void set_awaited(std::size_t thread, std::optional<std::size_t> lock) { awaited_[thread] = lock; }

  /// Returns the threads of a cycle, each followed by the one it waits for, from the lowest number on;
  /// empty if there is none. A thread that waits for a lock that it holds is a cycle of one.
  /// O(threads²).
  [[nodiscard]] std::vector<Stuck> find_cycle() const;

private:
  /// Returns the path from a thread along the threads that it waits for, if it leads back to it.
  [[nodiscard]] std::vector<Stuck> cycle_through(std::size_t start) const;

  std::vector<std::optional<std::size_t>> awaited_;  // by thread
  std::vector<std::optional<std::size_t>> holder_;   // by lock
};

/// The cycle in words: `thread 1 holds A and waits for B, thread 2 holds B and waits for A`. Threads
/// count from 1, locks are letters from A to Z.
[[nodiscard]] std::string to_text(const std::vector<Stuck>& cycle);

namespace pitfalls {

/// Thrown out of `lock` when a deadlock is being broken.
struct DeadlockBroken {};

/// A set of locks. They block as any mutex does, but the graph of holders and waiters is known, and
/// `break_deadlock` can end a wait that would never end. Thread-safe.
class WatchedLocks {
public:
  WatchedLocks(std::size_t threads, std::size_t locks) : graph_(threads, locks) {}

  /// Throws `DeadlockBroken`, holding nothing new, if `break_deadlock` is called meanwhile.
  void lock(std::size_t thread, std::size_t lock) {
    std::unique_lock guard(mutex_);
    if (wait_until_free(guard, thread, lock, Clock::time_point::max())) return;
    throw DeadlockBroken{};
  }

  bool try_lock(std::size_t thread, std::size_t lock) {
    const std::scoped_lock guard(mutex_);
    if (graph_.holder(lock)) return false;
    graph_.set_holder(lock, thread);
    return true;
  }

  bool try_lock_for(std::size_t thread, std::size_t lock, Clock::duration patience) {
    std::unique_lock guard(mutex_);
    return wait_until_free(guard, thread, lock, Clock::now() + patience);
  }

  void unlock(std::size_t lock) {
    {
      const std::scoped_lock guard(mutex_);
      graph_.set_holder(lock, std::nullopt);
    }
    freed_.notify_all();
  }

  [[nodiscard]] std::vector<Stuck> find_cycle() const {
    const std::scoped_lock guard(mutex_);
    return graph_.find_cycle();
  }

  /// Makes all waits fail from now on.
  void break_deadlock() {
    {
      const std::scoped_lock guard(mutex_);
      broken_ = true;
    }
    freed_.notify_all();
  }

private:
  bool wait_until_free(std::unique_lock<std::mutex>& guard, std::size_t thread, std::size_t lock,
                       Clock::time_point deadline) {
    const auto is_over = [&] { return broken_ || !graph_.holder(lock); };
    graph_.set_awaited(thread, lock);
    if (deadline == Clock::time_point::max()) {
      freed_.wait(guard, is_over);
    } else {
      freed_.wait_until(guard, deadline, is_over);
    }
    graph_.set_awaited(thread, std::nullopt);
    if (graph_.holder(lock) || broken_) return false;
    graph_.set_holder(lock, thread);
    return true;
  }

  mutable std::mutex mutex_;
  std::condition_variable freed_;
  WaitForGraph graph_;
  bool broken_ = false;
};

/// One of the locks, as one thread uses it with the standard's guards.
class WatchedLock {
public:
  WatchedLock(WatchedLocks& locks, std::size_t thread, std::size_t lock) noexcept
      : locks_(&locks), thread_(thread), lock_(lock) {}

  void lock() { locks_->lock(thread_, lock_); }
  bool try_lock() { return locks_->try_lock(thread_, lock_); }
  bool try_lock_for(Clock::duration patience) {
    return locks_->try_lock_for(thread_, lock_, patience);
  }
  void unlock() { locks_->unlock(lock_); }
  [[nodiscard]] std::size_t thread() const noexcept { return thread_; }

private:
  WatchedLocks* locks_;
  std::size_t thread_;
  std::size_t lock_;
};

}  // namespace pitfalls
}  // namespace lockbench
