#pragma once

#include <string>
#include <vector>

#include "harness/verify/checks/verdict.hpp"
#include "harness/verify/search/shrink.hpp"

namespace lockbench::verify {

struct Explanation {
  std::string sentence;
  std::vector<TaskId> named;  ///< tasks that could have been handed out instead
};

/// On a history up to its contradiction: the answer that contradicts the rest, and which ones would
/// not have. Finds them by asking `decide` about the same history with another answer in that place.
[[nodiscard]] Explanation explain(const Excerpt& excerpt, const Decision& decide);

/// Explains what is violated, and shrinks it to what a reader of that needs to see.
[[nodiscard]] Verdict explained_violation(Excerpt excerpt, const Decision& decide);

}  // namespace lockbench::verify
