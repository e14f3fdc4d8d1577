#include "harness/engine/dispatch.hpp"

#include <fmt/format.h>

#include <vector>

#include "harness/errors.hpp"
#include "harness/workloads/registry.hpp"
#include "strategies/registry.hpp"

namespace lockbench {
namespace {

std::vector<CompiledCase> compile_cases() {
  std::vector<CompiledCase> cases;
  for_each_workload(Workloads{}, [&]<Workload W>() {
    for_each_strategy(Strategies{}, [&]<TaskQueue Q>() {
      cases.push_back({.workload = W::name, .strategy = Q::traits, .run = run_window<W, Q>});
    });
  });
  return cases;
}

}  // namespace

const CompiledCase& compiled_case(std::string_view workload, std::string_view strategy) {
  static const auto cases = compile_cases();
  for (const auto& candidate : cases) {
    if (candidate.workload == workload && candidate.strategy.name == strategy) return candidate;
  }
  throw failure(fmt::format("no strategy '{}' was compiled for workload '{}'", strategy, workload));
}

}  // namespace lockbench
