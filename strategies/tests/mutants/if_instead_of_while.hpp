#pragma once

#include <optional>

#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/original.hpp"

namespace lockbench::mutants {

/// Who wakes up takes it for granted that there is a task, though another thread may have taken it
/// first, or nobody notified at all. Condition variables promise a hint, not a task (Lampson & Redell,
/// "Experience with processes and monitors in Mesa", 1980). Correct: look again, in a loop.
class IfInsteadOfWhile : public Original<IfInsteadOfWhile> {
public:
  static constexpr auto traits =
      claims("if_instead_of_while", "who wakes up does not look whether there is a task");
  static constexpr Expectation expected{.caught_by = CaughtBy::conservation};
  using Original::Original;

  TakeResult get_next_task(Deadline deadline) {
    auto guard = lock();
    if (order_.empty() && !is_shut_down()) {
      const bool in_time = sleep_until_task(guard, deadline);
      if (!in_time && order_.empty()) return {TakeOutcome::timed_out};
    }
    if (order_.empty() && is_shut_down()) return {TakeOutcome::shut_down};
    const auto task = take(guard);
    return {TakeOutcome::task, task ? *task : last_};
  }

private:
  friend Original;

  std::optional<Task> take(Guard& guard) {
    const auto task = Original::take(guard);
    if (task) last_ = *task;
    return task;
  }

  /// What a ring that is empty still has at its front.
  Task last_;
};
static_assert(TaskQueue<IfInsteadOfWhile>);

}  // namespace lockbench::mutants
