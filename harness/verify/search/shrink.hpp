#pragma once

/// Makes a history that breaks the contract as small as it can be and still break it.

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "harness/verify/checks/verdict.hpp"
#include "harness/verify/history/history.hpp"

namespace lockbench::verify {

/// Decides a history that is ordered by `invoked`. A pure function, and one for which what is left
/// out of a history, as `shrink` may leave it out, never makes a violation.
using Decision = std::function<Judgement(std::span<const Operation>)>;

/// A part of a history, with what it came from.
struct Excerpt {
  History operations;
  std::vector<std::size_t> origins;  ///< index of each operation in the history
  /// Which operation's answer is the first that cannot be explained; its index in `operations`.
  std::size_t contradiction = 0;

  /// Adds an operation at the end.
  void push_back(const Operation& operation, std::size_t origin) {
    operations.push_back(operation);
    origins.push_back(origin);
  }
};

// Precondition of both: `decide` says that `excerpt` is violated. So it says of what they return, in
// which calls that were under way at the contradiction are left without an answer. That a violation of
// what is returned is one of the whole is argued where each step is made.

/// Up to the first answer that contradicts what was seen before. Of a history about one id, its last
/// life alone. What else could have been answered there is still what could have been in the whole.
/// Decides O(log n) times for n calls; and for an id as often as it has had states since it was
/// unknown.
[[nodiscard]] Excerpt until_contradiction(const Excerpt& excerpt, const Decision& decide);

/// Without what can be spared. Of several tasks of which some have to stay, rather those that are
/// `named`. Decides O(n log n) times for n calls that remain, and O(log n) times beyond that.
[[nodiscard]] Excerpt shrink(Excerpt excerpt, std::span<const TaskId> named,
                             const Decision& decide);

}  // namespace lockbench::verify
