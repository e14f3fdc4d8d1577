#pragma once

/// Locks that maintain a wait-for graph, so that a deadlock among them can be seen and ended.

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <vector>

#include "harness/pitfalls/run_together.hpp"
#include "harness/pitfalls/wait_for_graph.hpp"

namespace lockbench::pitfalls {

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

}  // namespace lockbench::pitfalls
