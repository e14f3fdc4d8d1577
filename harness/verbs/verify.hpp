#pragma once

#include "harness/base/errors.hpp"
#include "harness/cli/command_line.hpp"

namespace lockbench {

/// The verb `verify`: looks for violations of what strategies claim, explains what it finds, and keeps
/// the histories; or decides a history that was kept.
[[nodiscard]] ExitCode verify_strategies(const CommandLine& line);

}  // namespace lockbench
