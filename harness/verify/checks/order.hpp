#pragma once

/// The order in which tasks are handed out, one check for each `Ordering`. All are pure, and answer
/// `unknown` if tasks are not conserved: see `check_conservation` first.
///
/// They are exact for histories of adds, takes and cancels with distinct tasks, unless said otherwise.
/// They are sound but not complete with a discard, whose effect on all tasks is one point in time, and
/// with other calls that narrow down when a take had its effect. With calls that never returned they
/// answer `unknown` if it matters which task such a call has taken.

#include <span>

#include "harness/verify/history/history.hpp"
#include "harness/verify/verdict.hpp"

namespace lockbench::verify {

/// Checks that tasks are handed out in the order of their adds, and that takes find nothing only when
/// there is nothing (Henzinger, Sezgin & Vafeiadis, "Aspect-oriented linearizability proofs", CONCUR
/// 2013; also Emmi & Enea, POPL 2018). It is violated exactly if
///
///  - a task was added wholly before another and left wholly after that one was taken, or
///  - the interval of a take that finds nothing is covered by the inner segments of all tasks.
///
/// A cancel removes its task without waiting for its turn. To other tasks it looks like a take in its
/// turn at any time after the cancel began. So both conditions hold with cancels too, and a cancelled
/// task overtakes no other. O(n log n).
[[nodiscard]] Verdict check_fifo_order(std::span<const Operation> history);

/// Checks that no task is handed out while one of higher priority is there, and that takes find
/// nothing only when there is nothing. Tasks of one priority may come in any order: see
/// `check_tie_order`. It is violated exactly if (compare Bouajjani, Enea & Wang, "Checking
/// linearizability of concurrent priority queues", CONCUR 2017)
///
///  - the interval of a take is covered by the inner segments of tasks of higher priority, or
///  - the interval of a take that finds nothing is covered by the inner segments of all tasks.
///
/// These conditions suffice. Let every take have its effect at the first instant of its interval that
/// is not covered, every add as late as it can, every cancel as early as it can. If a task of higher
/// priority were there at that instant, its own take could have been as early.
///
/// The interval of a take begins no earlier than the add of its task. A cancelled task may leave at any
/// time, but keeps others back until its cancel begins. O(n log n).
[[nodiscard]] Verdict check_priority_order(std::span<const Operation> history);

/// Checks that tasks of one priority are handed out in the order of their adds, as `check_fifo_order`
/// does. Not complete: it takes each priority for a queue of its own, and does not see that tasks of
/// other priorities narrow down when a take had its effect. So a history may pass this check,
/// `check_conservation` and `check_priority_order` and still be impossible. O(n log n).
[[nodiscard]] Verdict check_tie_order(std::span<const Operation> history);

/// Checks that the tasks that one thread added are handed out in the order in which it added them;
/// there is no order between threads. An add comes before the thread's later ones in the history
/// unless it never returned. Exact for histories without empty answers: each producer's tasks can be
/// judged by themselves (Herlihy & Wing, "Linearizability", TOPLAS 1990, on locality). Empty answers
/// are left to `check_empty_answers`. O(n) on average.
[[nodiscard]] Verdict check_producer_order(std::span<const Operation> history);

/// Checks that each take that finds nothing has an instant without a task: its interval is not covered
/// by the inner segments of all tasks. For queues whose order is not strict; exact for those without
/// any order. The deadline of a `take` does not narrow its interval. O(n log n).
[[nodiscard]] Verdict check_empty_answers(std::span<const Operation> history);

}  // namespace lockbench::verify
