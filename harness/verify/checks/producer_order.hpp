#pragma once

#include <span>

#include "harness/verify/checks/verdict.hpp"
#include "harness/verify/history/history.hpp"

namespace lockbench::verify {

/// Tasks that one thread added are handed out in the order in which it added them; between threads
/// there is no order. An add comes before the thread's later ones in the history unless it never
/// returned. Empty answers are not judged; see `check_empty_answers`.
///
/// Of a history without empty answers that `check_conservation` holds of, this decides whether it is
/// that of one queue a producer, each first in, first out: such parts can be judged one by one
/// (Herlihy & Wing, "Linearizability", TOPLAS 1990, on locality). What is said of completeness at
/// `check_fifo_order` holds here as well. `unknown` if tasks are not conserved.
///
/// O(n) on average. Pure.
[[nodiscard]] Verdict check_producer_order(std::span<const Operation> history);

}  // namespace lockbench::verify
