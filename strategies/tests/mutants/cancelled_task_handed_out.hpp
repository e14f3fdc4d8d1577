#pragma once

#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/original.hpp"

namespace lockbench::mutants {

/// A cancellation changes the status and forgets the task's entry in the order, and a take believes
/// the order. Correct: remove the entry, or look at the status of whatever comes out.
class CancelledTaskHandedOut : public Original<CancelledTaskHandedOut> {
public:
  static constexpr auto traits = claims(
      "cancelled_task_handed_out", "cancel leaves the task in the order, where a take finds it");
  static constexpr Expectation expected{.caught_by = CaughtBy::conservation};
  using Original::Original;

private:
  friend Original;

  void leave_order(const Entry& /*entry*/) noexcept {}
};
static_assert(TaskQueue<CancelledTaskHandedOut>);

}  // namespace lockbench::mutants
