#pragma once

#include "harness/base/errors.hpp"
#include "harness/cli/command_line.hpp"

namespace lockbench {

/// The verbs `run` and `sweep`: plans, measures, records, draws, prints. Throws `Error` when that
/// cannot be done; `arguments` are recorded as typed; what the strategies did wrong is in the returned code.
[[nodiscard]] ExitCode measure_and_record(const CommandLine& line,
                                          const std::vector<std::string>& arguments);

}  // namespace lockbench
