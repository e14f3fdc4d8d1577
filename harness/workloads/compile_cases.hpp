#pragma once

/// Compiles one workload of the registry for every strategy that can do it. CMake makes one source
/// file per workload that calls this, so that they compile side by side.

#include "harness/engine/window.hpp"
#include "harness/workloads/dispatch.hpp"
#include "harness/workloads/workloads.hpp"
#include "strategies/registry.hpp"

namespace lockbench {

template <Workload W>
std::vector<CompiledCase> compiled_for() {
  std::vector<CompiledCase> cases;
  for_each_strategy(Strategies{}, [&]<TaskQueue Q>() {
    if constexpr (W::template supports<Q>) {
      cases.push_back({.workload = W::info.name,
                       .strategy = Q::traits,
                       .has_critical_section = HasCriticalSection<Q>,
                       .window = run_window<W, Q>});
    }
  });
  return cases;
}

}  // namespace lockbench
