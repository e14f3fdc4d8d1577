#pragma once

/// The strategies as values, for everything that needs to know them but never calls one.

#include <string_view>
#include <vector>

#include "strategies/task_queue.hpp"

namespace lockbench {

/// Returns the traits of every strategy, in registry order.
[[nodiscard]] std::vector<StrategyTraits> strategy_catalogue();

/// Whether the strategy keeps the whole contract, so that its results may be compared. `null` does
/// nothing, and `unsafe` may be fast because it is wrong, even in a window whose result happened to
/// be right. True for names that the catalogue does not know.
[[nodiscard]] bool keeps_whole_contract(std::string_view strategy);

}  // namespace lockbench
