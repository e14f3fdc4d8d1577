#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <type_traits>

#include "strategies/locks/poll_wait.hpp"
#include "strategies/storage/cache_line.hpp"
#include "strategies/storage/critical_section.hpp"
#include "strategies/storage/longest_sleep.hpp"
#include "strategies/storage/task_store.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {

/// How a `LockedTaskQueue` waits when nobody tells it that a task has arrived: it unlocks, pauses
/// and looks again. The queue calls everything here with the lock held, but for `begin_wait`. What is
/// given the guard may unlock it: nobody should be woken while the lock is held, or else the thread
/// that wakes up would at once sleep again, at the lock.
template <class Lock>
class PollingSignal {
public:
  using Guard = std::unique_lock<Lock>;
  /// What one waiting call remembers from one pause to the next.
  using Wait = PollWait;

  void task_added(Guard& /*guard*/) noexcept {}
  /// A task was cancelled, or taken without a wait.
  void task_removed() noexcept {}
  void became_idle(Guard& /*guard*/) noexcept {}
  void shut_down(Guard& /*guard*/) noexcept {}

  /// Begins a blocking take, before it locks.
  Wait begin_wait(Deadline /*deadline*/) noexcept { return {}; }
  /// True if it is worth looking again before `deadline`; the lock is held again in any case.
  bool wait_for_task(Guard& guard, Wait& wait, Deadline deadline) {
    guard.unlock();
    const bool in_time = wait.pause_until(deadline);
    guard.lock();
    return in_time;
  }
  /// Ends a blocking take, which `found` a task or not.
  void end_wait(Guard& /*guard*/, const Wait& /*wait*/, bool /*found*/) noexcept {}

  void wait_for_idle(Guard& guard, Wait& wait) {
    guard.unlock();
    wait.pause();
    guard.lock();
  }
};

/// A lock that readers may hold together.
template <class Lock>
concept SharedLock = requires(Lock lock) {
  lock.lock_shared();
  lock.unlock_shared();
};

/// A task queue under one lock. Its strategies differ by the lock, which `get_status` and `size`
/// share where it can be shared, and by the signal, which says how `get_next_task` and `join` wait.
/// `PollingSignal` documents what a signal has to offer.
template <class Lock, class Signal = PollingSignal<Lock>>
class LockedTaskQueue {
public:
  explicit LockedTaskQueue(QueueLimits limits = {}) : store_{limits} {}

  /// Has each operation do `work` under the lock; null for none. Not thread-safe: call it before
  /// other threads use the queue.
  void set_critical_section(CriticalWork work) noexcept { section_.set(work); }

  /// See `LooksAgain`.
  void set_longest_sleep(Deadline::duration longest) noexcept requires LooksAgain<Signal> {
    signal_.set_longest_sleep(longest);
  }

  AddResult add_task(TaskId id, int priority, Payload payload) {
    auto guard = write();
    section_.run();
    const auto result = store_.add(id, priority, payload);
    if (result == AddResult::added) signal_.task_added(guard);
    return result;
  }

  std::optional<Task> try_get_next_task() {
    const std::lock_guard guard{lock_};
    section_.run();
    auto task = store_.take();
    if (task) signal_.task_removed();
    return task;
  }

  TakeResult get_next_task(Deadline deadline) {
    auto wait = signal_.begin_wait(deadline);
    auto guard = write();
    auto task = store_.take();
    for (bool in_time = true; !task && in_time && !store_.is_shut_down(); task = store_.take()) {
      in_time = signal_.wait_for_task(guard, wait, deadline);
    }
    section_.run();
    const auto without_task =
        store_.is_shut_down() ? TakeOutcome::shut_down : TakeOutcome::timed_out;
    signal_.end_wait(guard, wait, task.has_value());
    if (task) return {TakeOutcome::task, *task};
    return {without_task};
  }

  [[nodiscard]] TaskStatus get_status(TaskId id) const {
    const auto guard = read();
    section_.run();
    return store_.status(id);
  }

  Transition complete_task(TaskId id) {
    auto guard = write();
    section_.run();
    const auto result = store_.complete(id);
    if (result == Transition::ok && store_.outstanding() == 0) signal_.became_idle(guard);
    return result;
  }

  Transition cancel_task(TaskId id) {
    auto guard = write();
    section_.run();
    const auto result = store_.cancel(id);
    if (result == Transition::ok) {
      signal_.task_removed();
      if (store_.outstanding() == 0) signal_.became_idle(guard);
    }
    return result;
  }

  Transition forget_task(TaskId id) {
    const std::lock_guard guard{lock_};
    section_.run();
    return store_.forget(id);
  }

  [[nodiscard]] std::size_t size() const {
    const auto guard = read();
    return store_.size();
  }

  void join() {
    auto guard = write();
    for (typename Signal::Wait wait; store_.outstanding() != 0;) signal_.wait_for_idle(guard, wait);
  }

  void shutdown(ShutdownMode mode) {
    auto guard = write();
    store_.shut_down(mode);
    signal_.shut_down(guard);
  }

protected:
  using ReadGuard =
      std::conditional_t<SharedLock<Lock>, std::shared_lock<Lock>, std::lock_guard<Lock>>;

  [[nodiscard]] std::unique_lock<Lock> write() { return std::unique_lock{lock_}; }
  [[nodiscard]] ReadGuard read() const { return ReadGuard{lock_}; }

  // Threads that wait for the lock, or asleep in the signal, write the lines of these. So neither
  // shares a line with the storage, or else they would slow down the owner of the lock.
  alignas(cache_line_distance) mutable Lock lock_;
  alignas(cache_line_distance) CriticalSection section_;
  TaskStore store_;
  alignas(cache_line_distance) Signal signal_;
};

}  // namespace lockbench
