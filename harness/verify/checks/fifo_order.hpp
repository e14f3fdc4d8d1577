#pragma once

#include <span>

#include "harness/verify/checks/verdict.hpp"
#include "harness/verify/history/history.hpp"

namespace lockbench::verify {

/// Tasks are handed out in the order of their adds, and takes find nothing only when there is nothing.
///
/// Of a history that `check_conservation` holds of, this decides whether it is that of a queue first
/// in, first out (Henzinger, Sezgin & Vafeiadis, "Aspect-oriented linearizability proofs", CONCUR
/// 2013; also Emmi & Enea, POPL 2018). It is violated exactly if
///
///  - a task was added wholly before another and left wholly after that one was taken, or
///  - the interval of a take that finds nothing is covered by the inner segments of all tasks.
///
/// A cancel removes its task without waiting for its turn. Other tasks see no difference between that
/// and a task that is taken in its turn, at any time after the cancel began; so both conditions hold
/// with cancels too, where a cancelled task overtakes nobody.
///
/// Complete for histories of adds, takes and cancels with distinct tasks. With calls that never
/// returned, it is `unknown` where it depends on which task a take has taken. Not complete, but still
/// sound, with a discard, whose effect on all tasks is one point in time, and where a call other than
/// these three narrows when a take took effect. `unknown` if tasks are not conserved.
///
/// O(n log n). Pure.
[[nodiscard]] Verdict check_fifo_order(std::span<const Operation> history);

}  // namespace lockbench::verify
