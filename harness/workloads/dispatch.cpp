#include "harness/workloads/dispatch.hpp"

#include <fmt/format.h>

#include <utility>

#include "harness/base/errors.hpp"
#include "harness/workloads/workloads.hpp"

namespace lockbench {
namespace {

template <std::size_t... workloads>
std::vector<CompiledCase> all_cases(std::index_sequence<workloads...> /*indices*/) {
  std::vector<CompiledCase> all;
  const auto append = [&](const std::vector<CompiledCase>& cases) {
    all.insert(all.end(), cases.begin(), cases.end());
  };
  (append(compile_cases<workloads>()), ...);
  return all;
}

}  // namespace

const CompiledCase& compiled_case(std::string_view workload, std::string_view strategy) {
  static const auto cases = all_cases(std::make_index_sequence<Workloads::size>());
  for (const auto& candidate : cases) {
    if (candidate.workload == workload && candidate.strategy.name == strategy) return candidate;
  }
  throw failure(fmt::format("no strategy '{}' was compiled for workload '{}'", strategy, workload));
}

}  // namespace lockbench
