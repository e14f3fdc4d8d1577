#pragma once

#include <mutex>

#include "strategies/semaphore.hpp"
#include "strategies/storage/critical_section.hpp"
#include "strategies/storage/locked_task_queue.hpp"
#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/hook_point.hpp"
#include "strategies/tests/mutants/original.hpp"

namespace lockbench::mutants {

/// `semaphore`, but a waiter that gets its permit just as its deadline passes says that it has timed
/// out, and keeps the permit: the task is there, the permit that stood for it is gone, and the next
/// waiter sleeps beside the task. Correct: whoever has a permit takes the task, however late it is.
template <class Section>
class BasicPermitLost : public LockedTaskQueue<Section, std::mutex, PermitSignal> {
public:
  static constexpr auto traits = claims(
      "permit_lost", "a waiter that times out keeps the permit that it got in the last moment");
  static constexpr Expectation expected{.caught_by = CaughtBy::empty};

  using BasicPermitLost::LockedTaskQueue::LockedTaskQueue;

  TakeResult get_next_task(Deadline deadline) {
    // A task that was there all along is handed out even if the deadline has passed.
    const bool may_be_late = Deadline::clock::now() < deadline;
    for (;;) {
      const bool claimed = this->signal_.claim(deadline);
      hook_point();
      const auto guard = this->write();
      const bool too_late = may_be_late && Deadline::clock::now() >= deadline;
      if (claimed && too_late && !this->store_.is_shut_down()) return {TakeOutcome::timed_out};
      const auto task = this->store_.take();
      if (!task && claimed && !this->store_.is_shut_down()) continue;
      this->section_.run();
      if (task) {
        if (!claimed) this->signal_.task_removed();
        return {TakeOutcome::task, *task};
      }
      if (this->store_.is_shut_down()) {
        if (claimed) this->signal_.pass_on();
        return {TakeOutcome::shut_down};
      }
      return {TakeOutcome::timed_out};
    }
  }
};
using PermitLost = BasicPermitLost<NoCriticalSection>;
static_assert(TaskQueue<PermitLost>);

}  // namespace lockbench::mutants
