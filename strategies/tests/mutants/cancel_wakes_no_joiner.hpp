#pragma once

#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/original.hpp"

namespace lockbench::mutants {

/// Joiners are woken when the last task is completed, but not when it is cancelled. Correct: whatever
/// may make the condition true notifies.
class CancelWakesNoJoiner : public Original<CancelWakesNoJoiner> {
public:
  static constexpr auto traits =
      claims("cancel_wakes_no_joiner", "join is not woken when the last task is cancelled");
  static constexpr Expectation expected{.caught_by = CaughtBy::waiting};
  using Original::Original;

  Transition cancel_task(TaskId id) {
    const auto guard = lock();
    return cancel(id);
  }
};
static_assert(TaskQueue<CancelWakesNoJoiner>);

}  // namespace lockbench::mutants
