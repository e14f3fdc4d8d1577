#pragma once

#include <concepts>
#include <cstddef>
#include <mutex>
#include <optional>

#include "strategies/storage/locked_task_queue.hpp"

namespace lockbench {

/// What a queue costs whose public functions are built on one another, each of them locking: the
/// storage does just what it does in `mutex`, but every call locks its lock twice.
template <class Section>
class BasicRecursiveTaskQueue : private LockedTaskQueue<Section, std::recursive_mutex> {
  using Locked = LockedTaskQueue<Section, std::recursive_mutex>;
  using Locked::read;
  using Locked::section_;
  using Locked::store_;
  using Locked::write;

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

  void set_critical_section(
      CriticalWork work) noexcept requires std::same_as<Section, CriticalSection> {
    Locked::set_critical_section(work);
  }

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
    for (bool in_time = true;; in_time = wait.pause_until(deadline)) {
      // Taking and finding the queue shut down are one step, or a task could slip in between.
      const auto guard = write();
      const auto task = take();
      if (!task && in_time && !store_.is_shut_down()) continue;
      section_.run();
      if (task) return {TakeOutcome::task, *task};
      return {store_.is_shut_down() ? TakeOutcome::shut_down : TakeOutcome::timed_out};
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
  /// As `try_get_next_task`, but part of an operation.
  std::optional<Task> take() {
    const auto guard = write();
    return store_.take();
  }
};
using RecursiveTaskQueue = BasicRecursiveTaskQueue<NoCriticalSection>;
static_assert(TaskQueue<RecursiveTaskQueue>);

}  // namespace lockbench
