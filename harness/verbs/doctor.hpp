#pragma once

#include "harness/base/errors.hpp"
#include "harness/cli/command_line.hpp"

namespace lockbench {

/// The verb `doctor`: prints what this machine can and cannot measure, and with `--aa-blocks` how
/// far apart equal things come out here.
[[nodiscard]] ExitCode print_diagnosis(const CommandLine& line);

}  // namespace lockbench
