#pragma once

/// The one place that knows every strategy. The harness measures this list, and the typed
/// conformance tests walk it: a new strategy is one file, one include and one line here.

#include "strategies/task_queue.hpp"

namespace lockbench {

template <TaskQueue... Qs>
struct StrategyList {
  static constexpr std::size_t size = sizeof...(Qs);
};

/// In the order of `bench list` and of the charts' legends.
using Strategies = StrategyList<>;

/// Calls `visit.template operator()<Q>()` for each strategy, in order.
template <TaskQueue... Qs>
constexpr void for_each_strategy(StrategyList<Qs...> /*list*/, auto&& visit) {
  (visit.template operator()<Qs>(), ...);
}

}  // namespace lockbench
