#pragma once

#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/original.hpp"

namespace lockbench::mutants {

/// Takers and joiners sleep on one condition variable, which is notified by `notify_one`: the
/// notification may wake one of the wrong kind, who goes back to sleep with it (the "hijacked signal"
/// of Goetz et al., "Java Concurrency in Practice", 2006, chapter 14). Correct: two condition
/// variables, or `notify_all`.
class NotifyOneForTwoConditions : public Original<NotifyOneForTwoConditions> {
public:
  static constexpr auto traits =
      claims("notify_one_for_two_conditions",
             "takers and joiners share a condition variable, and one of them is notified");
  static constexpr Expectation expected{.caught_by = CaughtBy::waiting};
  using Original::Original;

private:
  friend Original;

  void announce_idle() { task_arrived_.notify_one(); }
  void sleep_until_idle(Guard& guard) { task_arrived_.wait(guard); }
};
static_assert(TaskQueue<NotifyOneForTwoConditions>);

}  // namespace lockbench::mutants
