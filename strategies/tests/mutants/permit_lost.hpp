#pragma once

#include <mutex>

#include "strategies/locks/posix_semaphore.hpp"
#include "strategies/semaphore.hpp"
#include "strategies/storage/locked_task_queue.hpp"
#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/hook_point.hpp"
#include "strategies/tests/mutants/original.hpp"

namespace lockbench::mutants {

/// `semaphore`, but a waiter that gets its permit just as its deadline passes says that it has timed
/// out, and keeps the permit: the task is there, the permit that stood for it is gone, and the next
/// waiter sleeps beside the task. Correct: a waiter that has a permit takes the task, however late.
class PermitLost : public LockedTaskQueue<std::mutex, PermitSignal<std::mutex, PosixSemaphore>> {
public:
  static constexpr auto traits = claims(
      "permit_lost", "a waiter that times out keeps the permit that it got in the last moment");
  static constexpr Expectation expected{.caught_by = CaughtBy::empty};

  using LockedTaskQueue::LockedTaskQueue;

  TakeResult get_next_task(Deadline deadline) {
    // A task that was there all along is handed out even if the deadline has passed.
    const bool may_be_late = Deadline::clock::now() < deadline;
    for (;;) {
      const auto wait = signal_.begin_wait(deadline);
      hook_point();
      auto guard = write();
      const bool too_late = may_be_late && Deadline::clock::now() >= deadline;
      if (wait.claimed && too_late && !store_.is_shut_down()) return {TakeOutcome::timed_out};
      const auto task = store_.take();
      if (!task && wait.claimed && !store_.is_shut_down()) continue;
      section_.run();
      const bool is_shut_down = store_.is_shut_down();
      signal_.end_wait(guard, wait, task.has_value());
      if (task) return {TakeOutcome::task, *task};
      return {is_shut_down ? TakeOutcome::shut_down : TakeOutcome::timed_out};
    }
  }
};
static_assert(TaskQueue<PermitLost>);

}  // namespace lockbench::mutants
