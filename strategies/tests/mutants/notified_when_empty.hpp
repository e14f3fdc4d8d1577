#pragma once

#include "strategies/complete.hpp"
#include "strategies/condvar.hpp"
#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/shipped.hpp"

/// The shipped strategies that sleep in condition variables, but an add notifies only when the queue was
/// empty before: of two waiters and two tasks added before the first has woken up, one waiter sleeps
/// on. `NotifyOnlyWhenEmpty` is the same mistake in the original. Correct: notify for each task.

namespace lockbench::mutants {

template <class Q>
class NotifiedWhenEmpty : public Q {
public:
  static constexpr Expectation expected{.caught_by = CaughtBy::waiting};
  using Q::Q;

  AddResult add_task(TaskId id, int priority, Payload payload) {
    auto guard = this->write();
    this->section_.run();
    const auto result = this->store_.add(id, priority, payload);
    if (result == AddResult::added && this->store_.size() == 1) this->signal_.task_added(guard);
    return result;
  }
};

class CondvarNotifiedWhenEmpty : public NotifiedWhenEmpty<CondvarTaskQueue> {
public:
  static constexpr auto traits = claims_of<CondvarTaskQueue>(
      "condvar_notified_when_empty", "condvar, but add notifies only when the queue was empty");
  using NotifiedWhenEmpty::NotifiedWhenEmpty;
};
static_assert(TaskQueue<CondvarNotifiedWhenEmpty>);

class CompleteNotifiedWhenEmpty : public NotifiedWhenEmpty<CompleteTaskQueue> {
public:
  static constexpr auto traits = claims_of<CompleteTaskQueue>(
      "complete_notified_when_empty", "complete, but add notifies only when the queue was empty");
  using NotifiedWhenEmpty::NotifiedWhenEmpty;
};
static_assert(TaskQueue<CompleteNotifiedWhenEmpty>);

}  // namespace lockbench::mutants
