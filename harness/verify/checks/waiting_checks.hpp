#pragma once

/// What is promised to threads that wait. Functions of a history alone.

#include <chrono>

#include "harness/verify/checks/verdict.hpp"
#include "harness/verify/history/history.hpp"

namespace lockbench::verify {

/// Of a history whose threads had got stuck: nothing moved any more, and some calls never returned.
/// Violated always, since every call of the contract returns once nobody else moves, but for a take
/// before its deadline and for a `join` of tasks that nobody ends. Says which promise was broken: a
/// lost wake-up, a waiter left after shutdown, a `join` that misses the end, or a call that waits for
/// a lock. O(n).
[[nodiscard]] Verdict check_stuck(const History& history);

/// No wait says `timed_out` before its deadline, and none lasts longer than `lateness` beyond it. That
/// is far more than a busy machine adds, so that only a wait which begins anew is caught. O(n).
[[nodiscard]] Verdict check_deadlines(const History& history, std::chrono::nanoseconds lateness);

/// A `join` that returned had seen a moment at which no task was queued or processing; and a take that
/// says `shut_down` came after a shutdown was begun. Ids must be distinct. O(n log n) a join.
[[nodiscard]] Verdict check_endings(const History& history);

/// `size` is exact where no other call is under way: as many as were added and not taken, cancelled or
/// discarded. Sizes that other calls overlap, and those after a discard that removed an unknown
/// number, are not looked at. O(n).
[[nodiscard]] Verdict check_sizes(const History& history);

}  // namespace lockbench::verify
