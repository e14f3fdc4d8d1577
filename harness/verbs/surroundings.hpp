#pragma once

/// What a run does about the place that it was started in, before it measures anything.

#include <string>
#include <vector>

#include "harness/plan/plan.hpp"

namespace lockbench {

/// Gives up what was inherited and would change a measurement, and says what that was unless `quiet`.
/// Returns the names of the variables that measuring processes do not get.
[[nodiscard]] std::vector<std::string> drop_inherited(bool quiet);

/// Throws `Error` (usage) when the plan cannot fit into memory. Warns of what might not, unless `quiet`.
void check_memory(const Plan& plan, bool quiet);

}  // namespace lockbench
