#include "harness/cli/option_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "harness/base/errors.hpp"
#include "harness/base/text/quotes.hpp"
#include "harness/cli/strategy_selection.hpp"
#include "harness/cli/suggestion.hpp"

namespace lockbench {
namespace {

constexpr double nanoseconds_per_second = 1e9;

Error refused(const OptionSpec& option, std::string_view text, std::string_view hint = {}) {
  return usage_error(fmt::format("{}: {} is not allowed; {}expected {}", option.name,
                                 in_quotes(text), hint, expectation(option)));
}

/// The entries between the commas of all that was given, in order; none of them empty.
std::vector<std::string> entries_of(const OptionValues& given) {
  std::vector<std::string> entries;
  for (const auto& text : given.texts) {
    for (std::size_t begin = 0; begin <= text.size();) {
      const auto end = std::min(text.find(',', begin), text.size());
      if (end == begin) {
        throw usage_error(fmt::format("{}: {} has an empty entry; expected {}", given.option.name,
                                      in_quotes(text), expectation(given.option)));
      }
      entries.push_back(text.substr(begin, end - begin));
      begin = end + 1;
    }
  }
  return entries;
}

/// Digits only: no sign, no blank, no exponent, no hexadecimal, nothing left over.
std::optional<std::uint64_t> read_whole_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

/// Digits with at most one point; so neither `nan` nor `inf`, and nothing negative.
std::optional<double> read_decimal(std::string_view text) {
  if (text.find_first_not_of("0123456789.") != std::string_view::npos) return std::nullopt;
  double value = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value, std::chars_format::fixed);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> within_bounds(std::string_view text, const OptionSpec& option) {
  const auto value = read_whole_number(text);
  if (!value || *value < option.minimum || *value > option.maximum) return std::nullopt;
  return value;
}

/// `first-last`, `first-last+step` or `first-last*factor`.
struct Range {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::uint64_t step = 1;
  bool multiplies = false;
};

std::optional<Range> read_range(std::string_view text, const OptionSpec& option) {
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto sign = text.find_first_of("+*", dash);
  const auto first = within_bounds(text.substr(0, dash), option);
  const auto last = within_bounds(text.substr(dash + 1, sign - dash - 1), option);
  if (!first || !last || *first > *last) return std::nullopt;
  Range range{.first = *first, .last = *last};
  if (sign == std::string_view::npos) return range;
  const auto step = read_whole_number(text.substr(sign + 1));
  range.multiplies = text[sign] == '*';
  // Neither may stand still: 1-8+0, 1-8*1 and 0-8*2 would never end.
  if (!step || *step < (range.multiplies ? 2U : 1U)) return std::nullopt;
  if (range.multiplies && range.first == 0) return std::nullopt;
  range.step = std::min(*step, option.maximum + 1);  // keeps the sums below from wrapping
  return range;
}

enum class Repeats : std::uint8_t { dropped, kept };

void append(std::vector<std::uint32_t>& values, std::uint64_t value, Repeats repeats) {
  const auto narrow = static_cast<std::uint32_t>(value);
  if (repeats == Repeats::kept || std::ranges::find(values, narrow) == values.end()) {
    values.push_back(narrow);
  }
}

void append_range(std::vector<std::uint32_t>& values, const Range& range, Repeats repeats,
                  const OptionValues& given) {
  for (auto value = range.first; value <= range.last;
       value = range.multiplies ? value * range.step : value + range.step) {
    append(values, value, repeats);
    if (values.size() > most_list_values) {
      throw usage_error(
          fmt::format("{}: more than {} values; give fewer, or a range with a step "
                      "such as {}-{}*2",
                      given.option.name, most_list_values, std::max<std::uint64_t>(range.first, 1),
                      range.last));
    }
  }
}

/// A decimal number and its unit, in seconds.
std::optional<double> read_seconds(std::string_view text, bool may_be_long = false) {
  struct Unit {
    std::string_view name;
    double per_second;   // divided by, so that 20ms is exactly the double 0.02
    double seconds = 1;  // multiplied by
    bool is_long = false;
  };
  constexpr std::array units{Unit{"ns", 1e9}, Unit{"us", 1e6},          Unit{"ms", 1e3},
                             Unit{"s", 1},    Unit{"min", 1, 60, true}, Unit{"h", 1, 3600, true}};
  for (const auto& unit : units) {
    if (!text.ends_with(unit.name) || (unit.is_long && !may_be_long)) continue;
    const auto number = read_decimal(text.substr(0, text.size() - unit.name.size()));
    if (number) return *number * unit.seconds / unit.per_second;  // "20ms" ends with "s", too
  }
  return std::nullopt;
}

/// The bounds of an option are in nanoseconds.
bool lies_within(const OptionSpec& option, double value_s) {
  const auto nanoseconds = value_s * nanoseconds_per_second;
  return nanoseconds >= static_cast<double>(option.minimum) &&
         nanoseconds <= static_cast<double>(option.maximum);
}

std::string hint_of_unit(const OptionSpec& option, std::string_view text) {
  return read_decimal(text) ? fmt::format("its unit is missing, as in {}; ", option.example) : "";
}

std::vector<std::uint32_t> list_of_numbers(const OptionValues& given, Repeats repeats) {
  std::vector<std::uint32_t> values;
  for (const auto& entry : entries_of(given)) {
    if (const auto value = within_bounds(entry, given.option))
      append(values, *value, repeats);
    else if (const auto range = read_range(entry, given.option))
      append_range(values, *range, repeats, given);
    else
      throw refused(given.option, entry);
  }
  return values;
}

/// `same-cpu` and `same_cpu` are easily taken for one another, and neither can mean anything else.
std::string with_dashes(std::string_view word) {
  std::string text(word);
  std::ranges::replace(text, '_', '-');
  return text;
}

/// Index of `entry` in the option's words.
std::size_t index_of_word(const OptionSpec& option, const std::string& entry) {
  const auto found = std::ranges::find(option.words, with_dashes(entry), with_dashes);
  if (found != option.words.end()) return static_cast<std::size_t>(found - option.words.begin());
  const auto near = nearest(entry, option.words);
  throw refused(option, entry, near ? fmt::format("did you mean '{}'? ", *near) : "");
}

}  // namespace

std::uint64_t whole_number(const OptionValues& given) {
  const auto value = within_bounds(given.texts.front(), given.option);
  if (!value) throw refused(given.option, given.texts.front());
  return *value;
}

std::vector<std::uint32_t> whole_numbers(const OptionValues& given) {
  return list_of_numbers(given, Repeats::dropped);
}

std::vector<std::uint32_t> sequence(const OptionValues& given) {
  return list_of_numbers(given, Repeats::kept);
}

std::vector<double> shares(const OptionValues& given) {
  std::vector<double> values;
  for (const auto& entry : entries_of(given)) {
    const auto value = read_decimal(entry);
    if (!value || *value > 1) throw refused(given.option, entry);
    if (std::ranges::find(values, *value) == values.end()) values.push_back(*value);
  }
  return values;
}

double seconds(const OptionValues& given) {
  const std::string_view text = given.texts.front();
  if (const auto value = read_seconds(text, takes_long_times(given.option));
      value && lies_within(given.option, *value)) {
    return *value;
  }
  throw refused(given.option, text, hint_of_unit(given.option, text));
}

std::vector<std::uint32_t> whole_nanoseconds(const OptionValues& given) {
  std::vector<std::uint32_t> values;
  for (const auto& entry : entries_of(given)) {
    const auto value = entry == "0" ? std::optional(0.0) : read_seconds(entry);
    if (!value || !lies_within(given.option, *value)) {
      throw refused(given.option, entry, hint_of_unit(given.option, entry));
    }
    append(values, static_cast<std::uint64_t>(std::llround(*value * nanoseconds_per_second)),
           Repeats::dropped);
  }
  return values;
}

ServiceLevel service_level(const OptionValues& given) {
  const std::string_view text = given.texts.front();
  const auto sign = text.find('=');
  if (sign == std::string_view::npos) throw refused(given.option, text);
  ServiceLevel level;
  level.quantile = text.substr(0, sign);
  std::ranges::replace(level.quantile, '.', '_');
  const auto known = quantile_names();
  const auto value = read_seconds(text.substr(sign + 1));
  if (std::ranges::find(known, level.quantile) == known.end() || !value ||
      !lies_within(given.option, *value)) {
    throw refused(given.option, text);
  }
  level.limit_ns = *value * nanoseconds_per_second;
  return level;
}

double percent(const OptionValues& given) {
  constexpr double tenths = 10;
  const std::string_view text = given.texts.front();
  const bool has_sign = text.ends_with('%');
  const auto number = read_decimal(has_sign ? text.substr(0, text.size() - 1) : text);
  if (number && !has_sign) {
    throw refused(given.option, text,
                  fmt::format("its % is missing, as in {}; ", given.option.example));
  }
  if (!number || *number * tenths < static_cast<double>(given.option.minimum) ||
      *number * tenths > static_cast<double>(given.option.maximum)) {
    throw refused(given.option, text);
  }
  return *number / 100;
}

std::size_t word(const OptionValues& given) {
  return index_of_word(given.option, given.texts.front());
}

std::vector<std::size_t> words(const OptionValues& given) {
  std::vector<std::size_t> indices;
  for (const auto& entry : entries_of(given)) indices.push_back(index_of_word(given.option, entry));
  std::ranges::sort(indices);
  indices.erase(std::unique(indices.begin(), indices.end()), indices.end());
  return indices;
}

std::string path(const OptionValues& given) {
  const auto& text = given.texts.front();
  if (text.empty()) throw refused(given.option, text);
  return text;
}

std::vector<std::string> strategies(const OptionValues& given) {
  return select_strategies(entries_of(given), given.catalogue);
}

}  // namespace lockbench
