#pragma once

/// Checks that options make sense together.

#include <span>
#include <string_view>

#include "harness/cli/command_line.hpp"

namespace lockbench {

/// Throws `Error` (`ExitCode::usage`) when options exclude each other or one of them could have no
/// effect. `given` holds the names of the options that were typed.
void refuse_contradictions(const CommandLine& line, std::span<const std::string_view> given);

}  // namespace lockbench
