#pragma once

/// The registry as values, for everything that needs to know strategies but never calls one.

#include <string_view>
#include <vector>

#include "strategies/task_queue.hpp"

namespace lockbench {

/// The traits of every strategy, in registry order.
[[nodiscard]] std::vector<StrategyTraits> strategy_catalogue();

/// Whether the strategy keeps the whole contract, and so has results to be compared: `null` does
/// nothing, and `unsafe` may be fast because it is wrong, even in a window that happened to come
/// out right. True for names that the catalogue does not know.
[[nodiscard]] bool keeps_whole_contract(std::string_view strategy);

}  // namespace lockbench
