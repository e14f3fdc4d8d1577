#pragma once

/// The registry as values, for everything that needs to know strategies but never calls one.

#include <vector>

#include "strategies/task_queue.hpp"

namespace lockbench {

/// The traits of every strategy, in registry order.
[[nodiscard]] std::vector<StrategyTraits> strategy_catalogue();

}  // namespace lockbench
