#pragma once

/// From words to options and operands, by CLI11; values are not looked at yet.

#include <span>
#include <string>
#include <vector>

#include "harness/cli/options.hpp"

namespace lockbench {

struct GivenOption {
  const OptionSpec* option = nullptr;
  std::vector<std::string> texts;  ///< empty for a flag
};

struct Tokens {
  std::vector<GivenOption> options;   ///< in the order of the option table
  std::vector<std::string> operands;  ///< words that belong to no option
};

/// Throws `Error` (`ExitCode::usage`) on an option that `verb` does not take, on one without its
/// value, and on one repeated that holds a single value. `--help` forgives every other mistake.
[[nodiscard]] Tokens split_into_tokens(Verb verb, std::span<const std::string> arguments);

}  // namespace lockbench
