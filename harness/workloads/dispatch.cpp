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

const CompiledCase& compiled_case(std::string_view workload, const Label& label) {
  static const auto cases = all_cases(std::make_index_sequence<Workloads::size>());
  for (const auto& candidate : cases) {
    if (candidate.workload == workload && candidate.strategy.name == label.strategy &&
        candidate.twin == label.twin) {
      return candidate;
    }
  }
  throw failure(fmt::format("no {} '{}' was compiled for workload '{}'",
                            label.twin ? "twin of strategy" : "strategy", label.strategy,
                            workload));
}

}  // namespace lockbench
