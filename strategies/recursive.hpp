#pragma once

#include <cstddef>
#include <mutex>
#include <optional>

#include "strategies/storage/locked_task_queue.hpp"

namespace lockbench {

/// What a queue costs whose public functions are built on one another, each of them locking: the
/// storage does just what it does in `mutex`, but every call locks its lock twice.
class RecursiveTaskQueue : private LockedTaskQueue<std::recursive_mutex> {
  using Locked = LockedTaskQueue<std::recursive_mutex>;

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

  using Locked::Locked;

  AddResult add_task(TaskId id, int priority, Payload payload) {
    const auto guard = write();
    return Locked::add_task(id, priority, payload);
  }
  std::optional<Task> try_get_next_task() {
    const auto guard = write();
    return Locked::try_get_next_task();
  }
  TakeResult get_next_task(Deadline deadline) {
    PollWait wait;
    for (;;) {
      if (const auto result = next_task_now(); result.outcome != TakeOutcome::timed_out) {
        return result;
      }
      if (!wait.pause_until(deadline)) return {TakeOutcome::timed_out};
    }
  }
  [[nodiscard]] TaskStatus get_status(TaskId id) const {
    const auto guard = read();
    return Locked::get_status(id);
  }
  Transition complete_task(TaskId id) {
    const auto guard = write();
    return Locked::complete_task(id);
  }
  Transition cancel_task(TaskId id) {
    const auto guard = write();
    return Locked::cancel_task(id);
  }
  Transition forget_task(TaskId id) {
    const auto guard = write();
    return Locked::forget_task(id);
  }
  [[nodiscard]] std::size_t size() const {
    const auto guard = read();
    return Locked::size();
  }
  using Locked::join;
  void shutdown(ShutdownMode mode) {
    const auto guard = write();
    Locked::shutdown(mode);
  }

private:
  /// Taking and finding the queue shut down are one step, or a task could slip in between.
  TakeResult next_task_now() {
    const auto guard = write();
    if (const auto task = Locked::try_get_next_task()) return {TakeOutcome::task, *task};
    return {store_.is_shut_down() ? TakeOutcome::shut_down : TakeOutcome::timed_out};
  }
};
static_assert(TaskQueue<RecursiveTaskQueue>);

}  // namespace lockbench
