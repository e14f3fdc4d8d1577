#pragma once

#include "harness/base/errors.hpp"
#include "harness/cli/command_line.hpp"

namespace lockbench {

/// `verify --mutants`: replaces this process by the program that has the queues with planted bugs. That
/// is built with the tests, beside this one, and never installed. Throws `Error` if it is not there.
[[nodiscard]] ExitCode hunt_mutants(const CommandLine& line);

}  // namespace lockbench
