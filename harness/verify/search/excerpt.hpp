#pragma once

/// Some operations of a history: those that a search judges, and those that show a violation.

#include <algorithm>
#include <cstddef>
#include <functional>
#include <numeric>
#include <span>
#include <vector>

#include "harness/verify/history/history.hpp"
#include "harness/verify/verdict.hpp"

namespace lockbench::verify {

/// Decides a history that is ordered by `invoked`. Pure. Leaving calls out as `shrink` does must never
/// make a violation.
using Decision = std::function<Judgement(std::span<const Operation>)>;

/// Some operations of a history, with their places in it.
struct Excerpt {
  History operations;
  std::vector<std::size_t> origins;  ///< index of each operation in the history
  /// Index in `operations` of the first operation whose answer cannot be explained.
  std::size_t contradiction = 0;

  /// Adds an operation at the end.
  void push_back(const Operation& operation, std::size_t origin) {
    operations.push_back(operation);
    origins.push_back(origin);
  }
};

/// Returns the operations in the order of `key`, a function of their index in `excerpt`. Stable.
[[nodiscard]] Excerpt sorted_by(const Excerpt& excerpt, auto&& key) {
  std::vector<std::size_t> order(excerpt.operations.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, key);
  Excerpt sorted;
  for (const auto at : order) sorted.push_back(excerpt.operations[at], excerpt.origins[at]);
  return sorted;
}

/// The cancel by which a discarding shutdown may have removed the task of `add`. It has no answer, so it
/// may have happened or not.
[[nodiscard]] inline Operation possible_cancel(const Operation& discard, const Operation& add) {
  return {.invoked = discard.invoked, .id = add.id, .thread = discard.thread, .call = Call::cancel};
}

// --- violations, as small as they can be ---------------------------------------------------------

// Precondition of these: `excerpt` is violated by `decide`. So is an excerpt that they return, in which
// calls that were under way at the contradiction have no answer. Each step says why a violation of
// its result is a violation of the whole.

/// Returns the operations up to the first answer that contradicts those before it. If all concern one
/// id, returns only those since the queue last did not know the id. The answers that were possible at
/// the contradiction stay the same. Decides O(log n) times for n calls, and up to five times for each
/// moment at which no call was under way.
[[nodiscard]] Excerpt until_contradiction(const Excerpt& excerpt, const Decision& decide);

/// Removes operations that the violation does not need. If only some tasks can be removed, those that
/// are `named` stay. Decides O(n log n) times for n calls that remain, and O(log n) times beyond that.
[[nodiscard]] Excerpt shrink(Excerpt excerpt, std::span<const TaskId> named,
                             const Decision& decide);

/// Explains a violation: the sentence says which answer contradicts the others, and which answers
/// would not have. It finds them by asking `decide` about the same history with another answer in that
/// place. The witnesses are only the calls that a reader needs to see this.
[[nodiscard]] Verdict explained_violation(Excerpt excerpt, const Decision& decide);

// --- the calls of a history that a search with a `QueueModel` judges ----------------------------

/// Returns the calls that a search can judge. Leaves out calls that never returned and cannot have
/// changed anything.
[[nodiscard]] Excerpt judged_calls(const History& history);

/// Returns the calls whose answers count even in a strategy whose calls take several steps: see
/// `ContractRules::single_steps`.
///
/// - A take may overlook a task that another call is about to add, hand out or cancel. So "nothing"
///   counts only if no such call overlaps it.
/// - An add under way holds a place, as does a cancelled task until its turn comes, and a forget under
///   way may not have freed its place yet. So `full` counts only without these, unless the payload was
///   too long.
/// - `size` counts adds under way. So it counts only without other calls; `check_sizes` bounds it.
/// - A shutdown refuses adds before earlier adds have taken effect, and then discards tasks one by one.
///   So `check_shutdown_order` decides whether the queue is shut down; here, a discard stands for as
///   many cancels as it may have done, and for a moment after which nothing is added.
[[nodiscard]] Excerpt calls_of_several_steps(const Excerpt& calls);

/// Replaces the ids by 0, 1, …, and likewise the priorities, keeping their order. O(n log n).
[[nodiscard]] History renumbered(std::span<const Operation> operations);

}  // namespace lockbench::verify
