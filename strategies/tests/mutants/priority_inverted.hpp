#pragma once

#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/original.hpp"

namespace lockbench::mutants {

/// The smallest priority comes first. An easy mistake to make: `std::set` begins with the least
/// element, `std::priority_queue` with the greatest. Correct: `>`.
class PriorityInverted : public Original<PriorityInverted> {
public:
  static constexpr auto traits = claims("priority_inverted", "the least priority comes first");
  static constexpr Expectation expected{.caught_by = CaughtBy::order};
  using Original::Original;

private:
  friend Original;

  static bool comes_before(const Entry& a, const Entry& b) noexcept {
    return a.priority != b.priority ? a.priority < b.priority : a.sequence < b.sequence;
  }
};
static_assert(TaskQueue<PriorityInverted>);

}  // namespace lockbench::mutants
