#pragma once

/// Prepares a history for a search with a `QueueModel`.

#include <cstddef>
#include <span>

#include "harness/verify/history/history.hpp"
#include "harness/verify/search/shrink.hpp"

namespace lockbench::verify {

/// The calls that a search can judge. Left out are those without an answer that could not have
/// changed anything, and `size` beside other calls, which may then say any number.
[[nodiscard]] Excerpt judged_calls(const History& history);

/// Those of calls that are one step in no strategy: see `ContractRules::single_steps`.
///
/// - A take may overlook a task that another call is about to add, hand out or cancel: its "nothing"
///   counts only where there is no such call.
/// - A place is taken by adds under way and, until its turn, by a task that was cancelled; a forget
///   under way may not have freed it yet: `full` counts only without these.
/// - Adds are refused before those that began earlier have taken effect, and tasks are discarded one
///   by one after that. So whether the queue is shut down is left to `check_closing`; a discard is as
///   many cancels as there may be, and a last moment after which nothing is added.
[[nodiscard]] Excerpt calls_of_several_steps(const Excerpt& calls);

/// The same history with ids 0, 1, … instead of those it has, and likewise priorities in their
/// order. O(n log n).
[[nodiscard]] History renumbered(std::span<const Operation> operations);

/// How many different tasks are named.
[[nodiscard]] std::size_t count_ids(std::span<const Operation> operations);

}  // namespace lockbench::verify
