#pragma once

#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/original.hpp"

namespace lockbench::mutants {

/// Of equal priorities, the task that was added last comes first, as from a stack or from a pair
/// (priority, sequence) compared the same way in both parts. Correct: the smaller sequence first.
class TiesReversed : public Original<TiesReversed> {
public:
  static constexpr auto traits =
      claims("ties_reversed", "of equal priorities, the last to arrive comes first");
  static constexpr Expectation expected{.caught_by = CaughtBy::order};
  using Original::Original;

private:
  friend Original;

  static bool comes_before(const Entry& a, const Entry& b) noexcept {
    return a.priority != b.priority ? a.priority > b.priority : a.sequence > b.sequence;
  }
};
static_assert(TaskQueue<TiesReversed>);

}  // namespace lockbench::mutants
