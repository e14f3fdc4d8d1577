#pragma once

#include <cstdint>

#include "harness/verify/checks/verdict.hpp"
#include "harness/verify/history/history.hpp"
#include "harness/verify/search/linearizability.hpp"

namespace lockbench::verify {

/// Checks what the contract says of each task by itself: its states and the answers about them,
/// that it is handed out once and with its priority, that `join` waits for it and that a discarding
/// shutdown cancels it; and that adds are refused from the shutdown on (`check_closing`).
///
/// A history is searched id by id, which is sound for every strategy: an order of all calls that
/// agrees with the contract contains one of the calls about each id (Herlihy & Wing, 1990, on
/// locality). A discarding shutdown may take as many steps as it likes; each id sees its own. What
/// is not looked at is what ties tasks together: order, capacity, `size`, takes that find nothing,
/// and that a take which never returned has taken one task at most.
///
/// O(n log n) while few calls about one id overlap. `most_steps` are those of one id's search, beyond
/// the sixteen for each of its calls that it may take in any case.
[[nodiscard]] Verdict check_tasks(const History& history,
                                  std::uint64_t most_steps = default_most_steps);

}  // namespace lockbench::verify
