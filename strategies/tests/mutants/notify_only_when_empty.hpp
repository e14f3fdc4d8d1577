#pragma once

#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/original.hpp"

namespace lockbench::mutants {

/// Notifies only when the queue was empty before, as if one notification were good for all tasks: of
/// two waiters and two tasks added before the first has woken up, one waiter sleeps on. Correct:
/// notify for each task.
class NotifyOnlyWhenEmpty : public Original<NotifyOnlyWhenEmpty> {
public:
  static constexpr auto traits =
      claims("notify_only_when_empty", "add notifies only when the queue was empty before");
  static constexpr Expectation expected{.caught_by = CaughtBy::waiting};
  using Original::Original;

private:
  friend Original;

  void announce_task() {
    if (order_.size() == 1) task_arrived_.notify_one();
  }
};
static_assert(TaskQueue<NotifyOnlyWhenEmpty>);

}  // namespace lockbench::mutants
