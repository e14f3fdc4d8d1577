#pragma once

/// From the names in a plan to the code that was compiled for them.

#include <string_view>

#include "harness/engine/window.hpp"

namespace lockbench {

/// One compiled pair of workload and strategy. The measured path below it has no virtual call.
struct CompiledCase {
  std::string_view workload;
  StrategyTraits strategy;
  WindowOutcome (*run)(Team&, const WindowSpec&);
};

/// Precondition: both names are registered. Throws `Error` otherwise.
[[nodiscard]] const CompiledCase& compiled_case(std::string_view workload,
                                                std::string_view strategy);

}  // namespace lockbench
