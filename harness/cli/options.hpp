#pragma once

/// The option table: parsing, error messages, help, man page and completion all follow it, so none
/// of them can know an option that the others do not.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/cli/command_line.hpp"

namespace lockbench {

/// What an option takes; decides how it is read, described, refused and completed.
enum class ValueKind : std::uint8_t {
  flag,           ///< nothing
  whole_number,   ///< one, within the bounds
  whole_numbers,  ///< list with ranges, within the bounds
  shares,         ///< list of decimal fractions, 0 … 1
  duration,       ///< decimal number and unit; bounds in nanoseconds
  durations,      ///< list of them, in whole nanoseconds
  service_level,  ///< a quantile and a duration, `p99=100us`; bounds in nanoseconds

  percent,     ///< decimal number and %; bounds in tenths of a percent
  word,        ///< one of `words`
  words,       ///< list of `words`
  strategies,  ///< list of names and tags of the catalogue
  directory,
  file,
};

/// Headings of the help.
enum class Section : std::uint8_t { grid, what, how, output, check, general };

/// A set of verbs.
class VerbSet {
public:
  template <class... Verbs>
  explicit constexpr VerbSet(Verbs... verbs) noexcept : bits_((bit(verbs) | ... | 0U)) {}
  [[nodiscard]] constexpr bool contains(Verb verb) const noexcept {
    return (bits_ & bit(verb)) != 0;
  }

private:
  static constexpr std::uint32_t bit(Verb verb) noexcept {
    return 1U << static_cast<std::uint32_t>(verb);
  }
  std::uint32_t bits_;
};

struct OptionValues;

struct OptionSpec {
  std::string_view name;             ///< with its dashes: `--threads`
  std::string_view short_name = {};  ///< `-h`; mostly empty
  ValueKind kind = ValueKind::flag;
  std::string_view placeholder = {};  ///< stands for the value in the help
  Section section = Section::general;
  VerbSet verbs;
  std::string_view help;  ///< what it means, without unit, range and default
  std::uint64_t minimum = 0;
  std::uint64_t maximum = 0;
  std::string_view example = {};         ///< a good value, shown in errors
  std::string_view default_value = {};   ///< for `run`, as it would be typed
  std::string_view default_note = {};    ///< says what happens by default where no value does
  bool set_by_sweep = false;             ///< the grid has values of its own
  std::string_view verify_default = {};  ///< where that of `verify` is another
  std::span<const std::string_view> words = {};
  /// Puts the checked values in their place.
  void (*apply)(CommandLine&, const OptionValues&);
};

/// In the order of the help; also the order in which options take effect.
[[nodiscard]] std::span<const OptionSpec> option_table();

/// By either name; nullptr when there is none.
[[nodiscard]] const OptionSpec* find_option(std::string_view name);

[[nodiscard]] constexpr bool is_list(ValueKind kind) noexcept {
  return kind == ValueKind::whole_numbers || kind == ValueKind::shares ||
         kind == ValueKind::words || kind == ValueKind::strategies || kind == ValueKind::durations;
}

/// What `--slo` may bound: `p50`, `p99_9` …
[[nodiscard]] std::vector<std::string_view> quantile_names();

/// Durations beyond an hour may be given in minutes and hours, too.
[[nodiscard]] constexpr bool takes_long_times(const OptionSpec& option) noexcept {
  constexpr std::uint64_t hour_ns = 3'600'000'000'000;
  return option.kind == ValueKind::duration && option.maximum >= hour_ns;
}

/// What the option expects, for help and errors: `whole numbers from 1 to 1024`.
[[nodiscard]] std::string expectation(const OptionSpec& option);

}  // namespace lockbench
