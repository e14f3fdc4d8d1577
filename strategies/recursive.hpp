#pragma once

#include <cstddef>
#include <mutex>
#include <optional>

#include "strategies/locks/poll_wait.hpp"
#include "strategies/storage/cache_line.hpp"
#include "strategies/storage/critical_section.hpp"
#include "strategies/storage/task_store.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {

/// Shows what it costs to build locking functions on one another: the storage does just what it does
/// in `mutex`, but every call locks, and calls a function that locks again.
class RecursiveTaskQueue {
public:
  static constexpr StrategyTraits traits{
      .name = "recursive",
      .summary = "one std::recursive_mutex, locked again by each call within a call",
      .ordering = Ordering::priority_fifo,
      .progress = Progress::blocking,
      .waits = Waits::parks,
      .task_wait = TaskWait::polls,
      .source = "C++ standard library",
      .tags = {"lock"},
  };

  explicit RecursiveTaskQueue(QueueLimits limits = {}) : store_{limits} {}

  /// Not thread-safe: call it before other threads use the queue. Null means no work.
  void set_critical_section(CriticalWork work) noexcept { section_.set(work); }

  AddResult add_task(TaskId id, int priority, Payload payload) {
    return operation([&] { return store_.add(id, priority, payload); });
  }
  std::optional<Task> try_get_next_task() {
    return operation([&] { return store_.take(); });
  }
  TakeResult get_next_task(Deadline deadline) {
    PollWait wait;
    for (bool in_time = true;; in_time = wait.pause_until(deadline)) {
      // Taking and finding the queue shut down are one step, or a task could slip in between.
      const std::lock_guard guard{lock_};
      const auto task = locked([&] { return store_.take(); });
      if (!task && in_time && !store_.is_shut_down()) continue;
      section_.run();
      if (task) return {TakeOutcome::task, *task};
      return {store_.is_shut_down() ? TakeOutcome::shut_down : TakeOutcome::timed_out};
    }
  }
  [[nodiscard]] TaskStatus get_status(TaskId id) const {
    return operation([&] { return store_.status(id); });
  }
  Transition complete_task(TaskId id) {
    return operation([&] { return store_.complete(id); });
  }
  Transition cancel_task(TaskId id) {
    return operation([&] { return store_.cancel(id); });
  }
  Transition forget_task(TaskId id) {
    return operation([&] { return store_.forget(id); });
  }
  [[nodiscard]] std::size_t size() const {
    const std::lock_guard guard{lock_};
    return locked([&] { return store_.size(); });
  }
  void join() {
    PollWait wait;
    while (locked([&] { return store_.outstanding(); }) != 0) wait.pause();
  }
  void shutdown(ShutdownMode mode) {
    const std::lock_guard guard{lock_};
    locked([&] { store_.shut_down(mode); });
  }

private:
  /// Locks, does the critical section's work, and takes the locked `step`.
  auto operation(auto&& step) const -> decltype(step()) {
    const std::lock_guard guard{lock_};
    section_.run();
    return locked(step);
  }
  /// Locks, whether or not the caller has locked already, and takes `step`.
  auto locked(auto&& step) const -> decltype(step()) {
    const std::lock_guard guard{lock_};
    return step();
  }

  alignas(cache_line_distance) mutable std::recursive_mutex lock_;
  alignas(cache_line_distance) CriticalSection section_;
  TaskStore store_;
};
static_assert(TaskQueue<RecursiveTaskQueue>);

}  // namespace lockbench
