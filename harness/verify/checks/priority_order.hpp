#pragma once

#include <span>

#include "harness/verify/checks/verdict.hpp"
#include "harness/verify/history/history.hpp"

namespace lockbench::verify {

/// No task is handed out while one of higher priority is there, and takes find nothing only when
/// there is nothing. Tasks of one priority may come in any order; see `check_tie_order`.
///
/// Of a history that `check_conservation` holds of, this decides whether it is that of such a
/// priority queue (compare Bouajjani, Enea & Wang, "Checking linearizability of concurrent priority
/// queues", CONCUR 2017). It is violated exactly if
///
///  - the interval of a take is covered by the inner segments of tasks of higher priority, or
///  - the interval of a take that finds nothing is covered by the inner segments of all tasks.
///
/// Why that is enough: let every take have effect at the first instant of its interval that is not
/// covered, every add as late as it can, every cancel as early as it can. Were a task of higher
/// priority there at that instant, its own take could have been as early.
///
/// An interval of a take begins no earlier than the add of its task. A cancelled task is under no
/// constraint, but keeps others back until its cancel begins. What is said of completeness and of
/// calls that never returned at `check_fifo_order` holds here as well.
///
/// O(n log n): tasks are gone through from the highest priority down, while the time that the higher
/// ones cover is gathered. Pure.
[[nodiscard]] Verdict check_priority_order(std::span<const Operation> history);

}  // namespace lockbench::verify
