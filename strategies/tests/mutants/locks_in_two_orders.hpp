#pragma once

#include <mutex>

#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/hook_point.hpp"
#include "strategies/tests/mutants/original.hpp"

namespace lockbench::mutants {

/// Two locks, which an add takes in one order and a cancellation in the other: each may come to hold
/// what the other waits for, and from then on everybody waits (CWE-833). Correct: one order for all,
/// or `std::scoped_lock`.
class LocksInTwoOrders : public Original<LocksInTwoOrders> {
public:
  static constexpr auto traits =
      claims("locks_in_two_orders", "add and cancel take two locks in different orders");
  static constexpr Expectation expected{.caught_by = CaughtBy::waiting};
  using Original::Original;

  AddResult add_task(TaskId id, int priority, Payload payload) {
    const std::lock_guard changes{changes_lock_};
    hook_point();
    return Original::add_task(id, priority, payload);
  }

  Transition cancel_task(TaskId id) {
    const auto guard = lock();
    hook_point();
    const std::lock_guard changes{changes_lock_};
    const auto result = cancel(id);
    if (result == Transition::ok) announce_if_idle();
    return result;
  }

private:
  /// Of a second structure that both change.
  std::mutex changes_lock_;
};
static_assert(TaskQueue<LocksInTwoOrders>);

}  // namespace lockbench::mutants
