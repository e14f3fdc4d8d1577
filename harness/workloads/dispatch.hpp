#pragma once

/// From the names in a plan to the code that was compiled for them.

#include <cstddef>
#include <string_view>
#include <vector>

#include "harness/engine/block.hpp"

namespace lockbench {

/// The cases of the workload with that index in the registry; see compile_cases.hpp.
template <std::size_t workload>
std::vector<CompiledCase> compile_cases();

/// Throws `Error` unless both names are registered and the strategy can do the workload. Only the
/// first strategy that can do it, the baseline, has a twin.
[[nodiscard]] const CompiledCase& compiled_case(std::string_view workload, const Label& label);

}  // namespace lockbench
