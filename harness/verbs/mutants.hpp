#pragma once

#include "harness/base/errors.hpp"
#include "harness/cli/command_line.hpp"

namespace lockbench {

/// `verify --mutants`: hands over to the program that has the queues with planted bugs. It is built
/// with the tests, beside this one, and never installed; throws `Error` where it is not there.
[[nodiscard]] ExitCode hunt_mutants(const CommandLine& line);

}  // namespace lockbench
