#pragma once

#include <cstddef>
#include <span>

#include "harness/verify/checks/coverage.hpp"
#include "harness/verify/checks/verdict.hpp"
#include "harness/verify/history/history.hpp"

namespace lockbench::verify {

/// A take that finds nothing does so at an instant without a task: its interval is not covered by
/// the inner segments of all tasks. The deadline of a `take` does not narrow that interval.
///
/// On its own, for queues whose order is not strict. Sound, and complete for queues without any
/// order, with the exceptions of `check_fifo_order`. O(n log n). Pure.
[[nodiscard]] Verdict check_empty_answers(std::span<const Operation> history);

/// The part of that check other checks share: of the empty answers at these indices, what the time
/// covered by these tasks says. Explains the violation of the shortest interval.
[[nodiscard]] Verdict judge_empty_answers(std::span<const Operation> history,
                                          std::span<const std::size_t> empty_answers,
                                          std::span<const Lifetime> tasks,
                                          const CoveredTime& time_with_tasks);

/// The time in which at least one of these tasks certainly was queued. O(n log n).
[[nodiscard]] CoveredTime time_covered_by(std::span<const Lifetime> tasks);

}  // namespace lockbench::verify
