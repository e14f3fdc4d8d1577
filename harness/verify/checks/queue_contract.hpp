#pragma once

#include <cstddef>
#include <cstdint>

#include "harness/verify/checks/verdict.hpp"
#include "harness/verify/history/history.hpp"
#include "harness/verify/search/linearizability.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench::verify {

/// What a strategy promises of a whole queue.
struct ContractRules {
  Ordering ordering = Ordering::none;
  std::uint32_t capacity = 1;
  /// Each call is one step. Otherwise those senses hold in which the contract is weaker for the
  /// lock-free strategies while calls overlap (docs/contract.md): then a call that they make
  /// uncertain is not looked at, and neither is the order.
  bool single_steps = true;
};

[[nodiscard]] ContractRules rules_of(const StrategyTraits& traits, std::uint32_t capacity);

/// More operations or ids than these are not searched together.
inline constexpr std::size_t most_window_operations = 128;
inline constexpr std::size_t most_window_ids = 16;

/// Checks the whole contract, of a queue that is new at the start of the history: the tasks by
/// themselves (`check_tasks`) and all together: their order, the capacity, takes that find nothing,
/// `size` when no other call is under way, `join` and `shutdown`. For short windows: exponential in
/// the calls that overlap at worst, and `unknown` for more than `most_window_operations` calls.
[[nodiscard]] Verdict check_contract(const History& history, const ContractRules& rules,
                                     std::uint64_t most_steps = default_most_steps);
[[nodiscard]] inline Verdict check_contract(const History& history, Ordering ordering,
                                            std::uint32_t capacity,
                                            std::uint64_t most_steps = default_most_steps) {
  return check_contract(history, ContractRules{ordering, capacity}, most_steps);
}

}  // namespace lockbench::verify
