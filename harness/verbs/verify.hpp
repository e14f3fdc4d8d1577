#pragma once

#include "harness/base/errors.hpp"
#include "harness/cli/command_line.hpp"

namespace lockbench {

/// The verb `verify`: looks for violations of the strategies' claims, explains each, and keeps its
/// history; or decides a history that was kept.
[[nodiscard]] ExitCode verify_strategies(const CommandLine& line);

}  // namespace lockbench
