#pragma once

/// Compiles one workload of the registry for every strategy that can do it. CMake makes one source
/// file per workload that calls this, so that they compile side by side.

#include <type_traits>
#include <vector>

#include "harness/engine/window.hpp"
#include "harness/workloads/dispatch.hpp"
#include "harness/workloads/twins.hpp"
#include "harness/workloads/workloads.hpp"
#include "strategies/registry.hpp"

namespace lockbench {

template <Workload W, TaskQueue Q>
constexpr CompiledCase compiled_with(bool twin) {
  return {.workload = W::info.name,
          .strategy = Q::traits,
          .twin = twin,
          .has_critical_section = HasCriticalSection<Q>,
          .window = run_window<W, Q>};
}

/// Finds the first strategy of a list that can do the workload.
template <Workload W, TaskQueue First, TaskQueue... Rest>
constexpr auto first_able(StrategyList<First, Rest...> /*list*/) {
  if constexpr (W::template supports<First>) {
    return std::type_identity<First>{};
  } else {
    return first_able<W>(StrategyList<Rest...>{});
  }
}

/// Returns the workload's case of every strategy that can do it, and of its baseline's twin.
template <Workload W>
std::vector<CompiledCase> compiled_for() {
  std::vector<CompiledCase> cases;
  for_each_strategy(Strategies{}, [&]<TaskQueue Q>() {
    if constexpr (W::template supports<Q>) cases.push_back(compiled_with<W, Q>(false));
  });
  using Twin = typename decltype(first_able<W>(Twins{}))::type;
  static_assert(Twin::traits.name == decltype(first_able<W>(Strategies{}))::type::traits.name,
                "the first strategy that can do a workload is its baseline, and has a twin");
  cases.push_back(compiled_with<W, Twin>(true));
  return cases;
}

}  // namespace lockbench
