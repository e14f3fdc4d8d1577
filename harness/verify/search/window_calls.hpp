#pragma once

/// Prepares a history for a search with a `QueueModel`.

#include <cstddef>
#include <span>

#include "harness/verify/history/history.hpp"
#include "harness/verify/search/shrink.hpp"

namespace lockbench::verify {

/// Returns the calls that a search can judge. Leaves out calls that never returned and cannot have
/// changed anything, and `size` if it overlaps other calls, since it may then answer any number.
[[nodiscard]] Excerpt judged_calls(const History& history);

/// Returns the calls whose answers count even in a strategy whose calls take several steps: see
/// `ContractRules::single_steps`.
///
/// - A take may overlook a task that another call is about to add, hand out or cancel. So "nothing"
///   counts only if no such call overlaps it.
/// - An add under way holds a place, as does a cancelled task until its turn comes, and a forget under
///   way may not have freed its place yet. So `full` counts only without these.
/// - A shutdown refuses adds before earlier adds have taken effect, and then discards tasks one by one.
///   So `check_shutdown_order` decides whether the queue is shut down; here, a discard stands for as
///   many cancels as it may have done, and for a moment after which nothing is added.
[[nodiscard]] Excerpt calls_of_several_steps(const Excerpt& calls);

/// Replaces the ids by 0, 1, …, and likewise the priorities, keeping their order. O(n log n).
[[nodiscard]] History renumbered(std::span<const Operation> operations);

}  // namespace lockbench::verify
