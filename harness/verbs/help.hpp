#pragma once

/// The parts of the help that the man page repeats.

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "harness/base/errors.hpp"
#include "harness/cli/options.hpp"

namespace lockbench {

/// Returns name and placeholder: `--threads LIST`, `-h, --help`.
[[nodiscard]] std::string usage_of(const OptionSpec& option);

/// Returns meaning, range and default of an option; with `verb`, as that verb uses it.
[[nodiscard]] std::string description_of(const OptionSpec& option, std::optional<Verb> verb);

/// How lists and times are written.
inline constexpr std::array<std::string_view, 2> value_syntax{
    "LIST: values joined by commas; lists sweep, every combination is measured. Whole numbers may "
    "be ranges: 1-4 means 1,2,3,4; 0-100+25 goes by steps of 25; 1-16*2 doubles. A list option may "
    "be repeated, which adds to the list.",
    "TIME: a number and its unit: 100us, 20ms, 0.5s; where more than an hour is allowed also 5min "
    "and 2h.",
};

/// What the codes mean that the program ends with.
inline constexpr auto exit_codes = std::to_array<std::pair<ExitCode, std::string_view>>({
    {ExitCode::ok, "done"},
    {ExitCode::failure, "something failed: a file, a process, a disk"},
    {ExitCode::usage, "unknown name, bad number, or options that contradict"},
    {ExitCode::violated, "a strategy broke the contract of the task queue"},
    {ExitCode::inconclusive, "no verdict, or an environment unfit for one"},
    {ExitCode::interrupted, "interrupted; --resume finishes the run"},
});

}  // namespace lockbench
