#pragma once

/// Makes a history that breaks the contract as small as it can be while it still breaks it.

#include <cstddef>
#include <functional>
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

// Precondition of both: `excerpt` is violated by `decide`. So is the excerpt that they return, in which
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

}  // namespace lockbench::verify
