#pragma once

/// Turns what was typed after an option into numbers and names. Every function throws `Error`
/// (`ExitCode::usage`) naming the option, the entry and what was expected.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/cli/options.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {

/// An option as it was given: all its values (none for a flag), and the names that are known.
struct OptionValues {
  const OptionSpec& option;
  std::span<const std::string> texts;
  std::span<const StrategyTraits> catalogue;
};

/// Most values that one list may name: `--prefill 0-4000000` is a slip, not a plan.
inline constexpr std::size_t most_list_values = 1000;

[[nodiscard]] std::uint64_t whole_number(const OptionValues& given);

/// `1,2,4`, `1-4` (each), `0-100+25` (steps of 25), `1-16*2` (doubling), and mixtures with commas.
/// As typed, without repeats.
[[nodiscard]] std::vector<std::uint32_t> whole_numbers(const OptionValues& given);

/// The same, but as a sequence: a number stands in it as often as it was typed.
[[nodiscard]] std::vector<std::uint32_t> sequence(const OptionValues& given);

/// Decimal fractions without exponent or sign.
[[nodiscard]] std::vector<double> shares(const OptionValues& given);

/// `20ms`, `0.5s`, `100us`, in seconds; where the option takes long times also `5min`, `2h`.
[[nodiscard]] double seconds(const OptionValues& given);

/// `50ns,1us`: a list of durations in whole nanoseconds, as typed, without repeats. A plain 0 needs no
/// unit.
[[nodiscard]] std::vector<std::uint32_t> whole_nanoseconds(const OptionValues& given);

/// `p99=100us`. The quantile may also be written with a point: `p99.9`.
[[nodiscard]] ServiceLevel service_level(const OptionValues& given);

/// `2%`, `0.5%`, as a share: 0.02.
[[nodiscard]] double percent(const OptionValues& given);

/// Index into the option's `words`. `-` and `_` stand for one another.
[[nodiscard]] std::size_t word(const OptionValues& given);

/// Indices into the option's `words`, ascending, without repeats.
[[nodiscard]] std::vector<std::size_t> words(const OptionValues& given);

[[nodiscard]] std::string path(const OptionValues& given);

/// Names of strategies, see `select_strategies`.
[[nodiscard]] std::vector<std::string> strategies(const OptionValues& given);

}  // namespace lockbench
