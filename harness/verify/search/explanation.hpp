#pragma once

#include "harness/verify/search/shrink.hpp"
#include "harness/verify/verdict.hpp"

namespace lockbench::verify {

/// Explains a violation: the sentence says which answer contradicts the others, and which answers
/// would not have. It finds them by asking `decide` about the same history with another answer in that
/// place. The witnesses are only the calls that a reader needs to see this.
[[nodiscard]] Verdict explained_violation(Excerpt excerpt, const Decision& decide);

}  // namespace lockbench::verify
