#pragma once

#include <span>

#include "harness/verify/checks/verdict.hpp"
#include "harness/verify/history/history.hpp"

namespace lockbench::verify {

/// Tasks of one priority are handed out in the order of their adds: no two of them left in the wrong
/// order, judged as by `check_fifo_order`.
///
/// Sound but incomplete: it takes each priority for a queue of its own and does not see that tasks of
/// other priorities narrow down when a take can have had effect. So a history may pass this check,
/// `check_conservation` and `check_priority_order`, and still not be that of a priority queue whose
/// ties are first in, first out. `unknown` if tasks are not conserved.
///
/// O(n log n). Pure.
[[nodiscard]] Verdict check_tie_order(std::span<const Operation> history);

}  // namespace lockbench::verify
