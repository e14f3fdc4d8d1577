#pragma once

#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/original.hpp"

namespace lockbench::mutants {

/// A deadline that has passed is answered without a look at the queue. Correct: look first, so that a
/// worker that is late can still drain.
class PassedDeadlineTimesOut : public Original<PassedDeadlineTimesOut> {
public:
  static constexpr auto traits = claims(
      "passed_deadline_times_out", "a take whose deadline has passed does not look for a task");
  static constexpr Expectation expected{.caught_by = CaughtBy::empty};
  using Original::Original;

  TakeResult get_next_task(Deadline deadline) {
    if (Deadline::clock::now() >= deadline) return {TakeOutcome::timed_out};
    return Original::get_next_task(deadline);
  }
};
static_assert(TaskQueue<PassedDeadlineTimesOut>);

}  // namespace lockbench::mutants
