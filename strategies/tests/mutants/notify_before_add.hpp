#pragma once

#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/hook_point.hpp"
#include "strategies/tests/mutants/original.hpp"

namespace lockbench::mutants {

/// Notifies before the lock is taken and the task is in: the waiter looks, finds nothing and falls
/// asleep again beside the task. Correct: notify afterwards.
class NotifyBeforeAdd : public Original<NotifyBeforeAdd> {
public:
  static constexpr auto traits =
      claims("notify_before_add", "add notifies first, and takes the lock and adds afterwards");
  static constexpr Expectation expected{.caught_by = CaughtBy::waiting};
  using Original::Original;

  AddResult add_task(TaskId id, int priority, Payload payload) {
    task_arrived_.notify_one();
    hook_point();
    return Original::add_task(id, priority, payload);
  }

private:
  friend Original;

  void announce_task() noexcept {}
};
static_assert(TaskQueue<NotifyBeforeAdd>);

}  // namespace lockbench::mutants
