#pragma once

#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/hook_point.hpp"
#include "strategies/tests/mutants/original.hpp"

namespace lockbench::mutants {

/// An add looks under one lock whether the id is free, and enters the task under the next (CWE-367):
/// two threads add the same id, and both are told that they have. Correct: one critical section, or
/// an insertion that tells whether it has inserted.
class AddCheckThenAct : public Original<AddCheckThenAct> {
public:
  static constexpr auto traits = claims(
      "add_check_then_act", "add lets go of the lock between looking for the id and entering it");
  static constexpr Expectation expected{.caught_by = CaughtBy::task_states};
  using Original::Original;

private:
  friend Original;

  AddResult enter(Guard& guard, TaskId id, int priority, Payload payload) {
    if (is_shut_down()) return AddResult::shut_down;
    if (const auto refusal = refuses(id, payload); refusal != AddResult::added) return refusal;
    guard.unlock();
    hook_point();
    guard.lock();
    if (!has_free_slot()) return AddResult::full;
    insert(guard, id, priority, payload);  // no matter whether the id still is free
    return AddResult::added;
  }

  /// Who loses its id to another keeps its slot: slots may run out before ids do.
  [[nodiscard]] bool has_free_slot() const noexcept {
    return !free_.empty() || fresh_ < limits_.capacity;
  }
};
static_assert(TaskQueue<AddCheckThenAct>);

}  // namespace lockbench::mutants
