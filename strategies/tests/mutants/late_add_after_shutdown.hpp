#pragma once

#include <atomic>

#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/hook_point.hpp"
#include "strategies/tests/mutants/original.hpp"

namespace lockbench::mutants {

/// An add looks before it has the lock whether the queue is shut down: a task slips in after
/// `shutdown` has returned and the last waiter has been sent home. Correct: look under the lock.
class LateAddAfterShutdown : public Original<LateAddAfterShutdown> {
public:
  static constexpr auto traits =
      claims("late_add_after_shutdown", "add looks for a shutdown before it has taken the lock");
  static constexpr Expectation expected{.caught_by = CaughtBy::contract};
  using Original::Original;

  AddResult add_task(TaskId id, int priority, Payload payload) {
    if (closed_.load(std::memory_order_acquire)) return AddResult::shut_down;
    hook_point();
    return Original::add_task(id, priority, payload);
  }

  void shutdown(ShutdownMode mode) {
    closed_.store(true, std::memory_order_release);
    Original::shutdown(mode);
  }

private:
  friend Original;

  AddResult enter(Guard& guard, TaskId id, int priority, Payload payload) {
    if (const auto refusal = refuses(id, payload); refusal != AddResult::added) return refusal;
    insert(guard, id, priority, payload);
    return AddResult::added;
  }

  std::atomic<bool> closed_{false};
};
static_assert(TaskQueue<LateAddAfterShutdown>);

}  // namespace lockbench::mutants
