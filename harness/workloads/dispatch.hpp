#pragma once

/// From the names in a plan to the code that was compiled for them.

#include <cstddef>
#include <string_view>
#include <vector>

#include "harness/engine/window.hpp"

namespace lockbench {

/// One compiled pair of workload and strategy. The measured path below it has no virtual call.
struct CompiledCase {
  std::string_view workload;
  StrategyTraits strategy;
  WindowOutcome (*run)(Team&, const WindowSpec&);
  /// The same, with critical-section work under its lock; null where it holds none.
  WindowOutcome (*run_with_critical_section)(Team&, const WindowSpec&) = nullptr;

  /// One window, by the code that does what the point asks for and nothing else.
  [[nodiscard]] WindowOutcome window(Team& team, const WindowSpec& spec) const {
    const bool works = spec.point.critical_section_ns > 0 && run_with_critical_section != nullptr;
    return works ? run_with_critical_section(team, spec) : run(team, spec);
  }
};

/// The cases of the registry's workload of that index; see compile_cases.hpp.
template <std::size_t workload>
std::vector<CompiledCase> compile_cases();

/// Precondition: both names are registered, and the strategy can do the workload. Throws `Error`
/// otherwise.
[[nodiscard]] const CompiledCase& compiled_case(std::string_view workload,
                                                std::string_view strategy);

}  // namespace lockbench
