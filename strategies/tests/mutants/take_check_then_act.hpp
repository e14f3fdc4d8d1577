#pragma once

#include <optional>

#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/hook_point.hpp"
#include "strategies/tests/mutants/original.hpp"

namespace lockbench::mutants {

/// A take looks which task is first under one lock, and takes it under the next (CWE-367): two threads
/// may find the same one. Correct: one critical section, or look again.
class TakeCheckThenAct : public Original<TakeCheckThenAct> {
public:
  static constexpr auto traits = claims(
      "take_check_then_act", "a take lets go of the lock between finding a task and taking it");
  static constexpr Expectation expected{.caught_by = CaughtBy::conservation};
  using Original::Original;

private:
  friend Original;

  std::optional<Task> take(Guard& guard) {
    if (order_.empty()) return std::nullopt;
    const auto first = *order_.begin();
    guard.unlock();
    hook_point();
    guard.lock();
    order_.erase(first);  // no matter whether it still is there
    return begin(first.slot);
  }
};
static_assert(TaskQueue<TakeCheckThenAct>);

}  // namespace lockbench::mutants
