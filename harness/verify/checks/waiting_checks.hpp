#pragma once

/// The promises to threads that wait. All are pure.

#include <chrono>

#include "harness/verify/history/history.hpp"
#include "harness/verify/verdict.hpp"

namespace lockbench::verify {

/// Judges a history whose threads got stuck: some calls never returned, and nothing moved any more. It
/// is violated, since every call of the contract returns once nobody else moves, except a take before
/// its deadline and a `join` of tasks that nobody ends. Says which promise was broken: a lost wake-up,
/// a waiter left after shutdown, a `join` that misses the end, or a call that waits for a lock. O(n).
[[nodiscard]] Verdict check_stuck(const History& history);

/// Checks that no wait times out before its deadline, and that none lasts longer than `lateness` beyond
/// it. Choose far more than a busy machine adds, so that only a wait that begins anew is caught. O(n).
[[nodiscard]] Verdict check_deadlines(const History& history, std::chrono::nanoseconds lateness);

/// Checks that each `join` that returned could see a moment at which no task was queued or processing,
/// and that no take is answered `shut_down` before a shutdown began. Ids must be distinct. O(n log n)
/// for each join.
[[nodiscard]] Verdict check_endings(const History& history);

/// Checks that `size` is exact while no other call is under way: the number of tasks added and not
/// taken, cancelled or discarded. Ignores sizes that other calls overlap, and those after a discard,
/// which removes an unknown number. O(n).
[[nodiscard]] Verdict check_sizes(const History& history);

}  // namespace lockbench::verify
