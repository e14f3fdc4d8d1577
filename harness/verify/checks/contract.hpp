#pragma once

/// The whole contract, decided by search: of each task by itself, and of the queue as a whole.

#include <cstddef>
#include <cstdint>

#include "harness/verify/history/history.hpp"
#include "harness/verify/search/linearizability.hpp"
#include "harness/verify/verdict.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench::verify {

/// Checks when the queue was shut down. There is a moment, during the first call of `shutdown` or at
/// its end, from which on every add is refused as `shut_down`, and before which none is, nor any take
/// answered so. Holds for every strategy. O(n). Pure.
[[nodiscard]] Verdict check_shutdown_order(const History& history);

/// Checks what the contract says of each task by itself: its states and the answers about them, that it
/// is handed out once and with its priority, that `join` waits for it, and that a discard cancels it.
/// Includes `check_shutdown_order`.
///
/// Each id is searched by itself. This is sound for every strategy: an order of all calls that agrees
/// with the contract contains an order of the calls about each id (Herlihy & Wing, 1990, on locality).
/// A discard may take several steps, since each id sees only its own. What ties tasks together is not
/// looked at: order, capacity, `size`, takes that find nothing, and that a take which never returned
/// has taken one task at most.
///
/// O(n log n) while few calls about one id overlap. The search of an id may take `most_steps`, and
/// sixteen more for each of its calls. Pure.
[[nodiscard]] Verdict check_tasks(const History& history,
                                  std::uint64_t most_steps = default_most_steps);

/// The promises of a strategy for a whole queue.
struct ContractRules {
  Ordering ordering = Ordering::none;
  std::uint32_t capacity = 1;
  /// Whether each call is one step. If not, the contract is weaker while calls overlap, as it is for
  /// the lock-free strategies (docs/contract.md): calls that this makes uncertain are not looked at,
  /// and neither is the order.
  bool single_steps = true;
};

[[nodiscard]] ContractRules rules_of(const StrategyTraits& traits, std::uint32_t capacity);

/// Histories with more operations or ids than these are not searched as a whole.
inline constexpr std::size_t most_window_operations = 128;
inline constexpr std::size_t most_window_ids = 16;

/// Checks the whole contract of a queue that is new at the start of the history: `check_tasks`, and all
/// calls together: order, capacity, takes that find nothing, `size` while no other call is under way,
/// `join` and `shutdown`. For short histories: at worst exponential in the calls that overlap, and
/// `unknown` beyond `most_window_operations` or `most_window_ids`. Pure.
[[nodiscard]] Verdict check_contract(const History& history, const ContractRules& rules,
                                     std::uint64_t most_steps = default_most_steps);

}  // namespace lockbench::verify
