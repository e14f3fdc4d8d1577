#pragma once

#include "harness/base/errors.hpp"
#include "harness/cli/command_line.hpp"

namespace lockbench {

/// The verb `pitfall`: lists the pitfalls, or runs those asked for and prints what they showed. Returns
/// `ok` if all of them showed their effect, `inconclusive` if one did not at any dose, and `failure` if
/// the process of one crashed or hung.
[[nodiscard]] ExitCode demonstrate_pitfalls(const CommandLine& line);

}  // namespace lockbench
