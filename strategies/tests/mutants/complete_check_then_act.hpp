#pragma once

#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/hook_point.hpp"
#include "strategies/tests/mutants/original.hpp"

namespace lockbench::mutants {

/// A completion looks under one lock whether the task is being processed, and changes its status under
/// the next (CWE-367): two threads complete it. Correct: one critical section.
class CompleteCheckThenAct : public Original<CompleteCheckThenAct> {
public:
  static constexpr auto traits = claims(
      "complete_check_then_act", "complete lets go of the lock between the check and the change");
  static constexpr Expectation expected{.caught_by = CaughtBy::task_states};
  using Original::Original;

  Transition complete_task(TaskId id) {
    auto guard = lock();
    const auto slot = find(id);
    if (slot == no_slot) return Transition::unknown;
    if (records_[slot].status != TaskStatus::processing) return Transition::wrong_state;
    guard.unlock();
    hook_point();
    guard.lock();
    set_status(slot, TaskStatus::completed);  // whatever it is by now
    announce_if_idle();
    return Transition::ok;
  }
};
static_assert(TaskQueue<CompleteCheckThenAct>);

}  // namespace lockbench::mutants
