#pragma once

#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/hook_point.hpp"
#include "strategies/tests/mutants/original.hpp"

namespace lockbench::mutants {

/// A cancellation looks under one lock whether the task is queued, and cancels it under the next
/// (CWE-367): meanwhile a worker may have got it. Correct: one critical section.
class CancelCheckThenAct : public Original<CancelCheckThenAct> {
public:
  static constexpr auto traits = claims(
      "cancel_check_then_act", "cancel lets go of the lock between the check and the change");
  static constexpr Expectation expected{.caught_by = CaughtBy::task_states};
  using Original::Original;

  Transition cancel_task(TaskId id) {
    auto guard = lock();
    const auto slot = find(id);
    if (slot == no_slot) return Transition::unknown;
    if (records_[slot].status != TaskStatus::queued) return Transition::wrong_state;
    guard.unlock();
    hook_point();
    guard.lock();
    leave_order(records_[slot].entry);
    set_status(slot, TaskStatus::cancelled);  // whatever it is by now
    announce_if_idle();
    return Transition::ok;
  }
};
static_assert(TaskQueue<CancelCheckThenAct>);

}  // namespace lockbench::mutants
