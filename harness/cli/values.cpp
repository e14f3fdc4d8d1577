#include "harness/cli/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <sstream>

#include "harness/base/errors.hpp"
#include "harness/base/field_text.hpp"
#include "harness/base/text/quotes.hpp"
#include "harness/base/text/suggestion.hpp"
#include "harness/cli/strategy_selection.hpp"
#include "harness/metrics/latency_histogram.hpp"

namespace lockbench {
namespace {

constexpr double nanoseconds_per_second = 1e9;

Error refused(const Given& given, std::string_view text, std::string_view hint = {}) {
  return usage_error(fmt::format("{}: {} is not allowed; {}expected {}", given.option,
                                 in_quotes(text), hint, given.form.expectation));
}

/// Returns the entries between the commas of all texts, in order. Refuses empty ones.
std::vector<std::string> entries_of(const Given& given) {
  std::vector<std::string> entries;
  for (const auto& text : given.texts) {
    std::istringstream list(text + ",");
    for (std::string entry; std::getline(list, entry, ',');) {
      if (entry.empty()) {
        throw usage_error(fmt::format("{}: {} has an empty entry; expected {}", given.option,
                                      in_quotes(text), given.form.expectation));
      }
      entries.push_back(entry);
    }
  }
  return entries;
}

template <class T>
void append(std::vector<T>& values, T value, Repeats repeats = Repeats::dropped) {
  if (repeats == Repeats::kept || std::ranges::find(values, value) == values.end()) {
    values.push_back(std::move(value));
  }
}

/// Says what is wrong with a text that was refused, ending in `; ` or `? `. Empty where there is
/// nothing special to say.
using Hint = std::function<std::string(std::string_view)>;

std::string no_hint(std::string_view /*text*/) {
  return {};
}

/// Makes a kind of value from `parse`, which returns nothing for a text that does not fit.
template <class T, class Parse>
Value<T> single(ValueForm form, Parse parse, const Hint& hint = no_hint) {
  return {std::move(form), [parse, hint](const Given& given) -> T {
            const std::string_view text = given.texts.front();
            const std::optional<T> value = parse(text);
            if (!value) throw refused(given, text, hint(text));
            return *value;
          }};
}

/// The same for each entry of a list, without repeats.
template <class T, class Parse>
Value<std::vector<T>> list(ValueForm form, Parse parse, const Hint& hint = no_hint) {
  form.is_list = true;
  return {std::move(form), [parse, hint](const Given& given) {
            std::vector<T> values;
            for (const auto& entry : entries_of(given)) {
              const std::optional<T> value = parse(entry);
              if (!value) throw refused(given, entry, hint(entry));
              append(values, *value);
            }
            return values;
          }};
}

ValueForm form_of(const std::string& expectation, std::string_view example) {
  return {.expectation = expectation, .range = expectation, .example = std::string(example)};
}

/// The same, where the expectation shows the example.
ValueForm form_with(std::string_view expectation, std::string_view example) {
  return form_of(fmt::format("{}, e.g. {}", expectation, example), example);
}

/// Digits only: no sign, no blank, no exponent, no hexadecimal, nothing left over.
std::optional<std::uint64_t> read_whole_number(std::string_view text) {
  std::uint64_t value = 0;
  return field::read(text, value) ? std::optional(value) : std::nullopt;
}

/// Digits with at most one point; so neither `nan` nor `inf`, and nothing negative.
std::optional<double> read_decimal(std::string_view text) {
  const bool fits = text.find_first_not_of("0123456789.") == std::string_view::npos;
  double value = 0;
  return fits && field::read(text, value) ? std::optional(value) : std::nullopt;
}

bool contains(Bounds bounds, double value) {
  return value >= static_cast<double>(bounds.minimum) &&
         value <= static_cast<double>(bounds.maximum);
}

std::optional<std::uint64_t> within_bounds(std::string_view text, Bounds bounds) {
  const auto value = read_whole_number(text);
  if (!value || *value < bounds.minimum || *value > bounds.maximum) return std::nullopt;
  return value;
}

/// A range typed as `first-last`, `first-last+step` or `first-last*factor`.
struct Range {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::uint64_t step = 1;
  bool multiplies = false;
};

std::optional<Range> read_range(std::string_view text, Bounds bounds) {
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto sign = text.find_first_of("+*", dash);
  const auto first = within_bounds(text.substr(0, dash), bounds);
  const auto last = within_bounds(text.substr(dash + 1, sign - dash - 1), bounds);
  if (!first || !last || *first > *last) return std::nullopt;
  Range range{.first = *first, .last = *last};
  if (sign == std::string_view::npos) return range;
  const auto step = read_whole_number(text.substr(sign + 1));
  range.multiplies = text[sign] == '*';
  // Neither may stand still: 1-8+0, 1-8*1 and 0-8*2 would never end.
  if (!step || *step < (range.multiplies ? 2U : 1U)) return std::nullopt;
  if (range.multiplies && range.first == 0) return std::nullopt;
  range.step = std::min(*step, bounds.maximum + 1);  // keeps the sums below from wrapping
  return range;
}

void append_range(std::vector<std::uint32_t>& values, const Range& range, Repeats repeats,
                  const Given& given) {
  for (auto value = range.first; value <= range.last;
       value = range.multiplies ? value * range.step : value + range.step) {
    append(values, static_cast<std::uint32_t>(value), repeats);
    if (values.size() > most_list_values) {
      throw usage_error(fmt::format(
          "{}: more than {} values; give fewer, or a range with a step "
          "such as {}-{}*2",
          given.option, most_list_values, std::max<std::uint64_t>(range.first, 1), range.last));
    }
  }
}

/// Reads a decimal number and its unit, as seconds.
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

}  // namespace

std::string time_text(std::uint64_t nanoseconds, std::string_view zero) {
  if (nanoseconds == 0) return std::string(zero);
  for (const auto& [name, length] : {std::pair{"h", 3'600'000'000'000U},
                                     {"s", 1'000'000'000U},
                                     {"ms", 1'000'000U},
                                     {"us", 1000U}}) {
    if (nanoseconds % length == 0) return fmt::format("{}{}", nanoseconds / length, name);
  }
  return fmt::format("{}ns", nanoseconds);
}

namespace {

/// For a number to which something must be added.
Hint hint_of_missing(std::string_view what, std::string_view example) {
  return [what, example](std::string_view text) {
    return read_decimal(text) ? fmt::format("its {} is missing, as in {}; ", what, example) : "";
  };
}

/// `same-cpu` and `same_cpu` are easily taken for one another, and neither can mean anything else.
std::string with_dashes(std::string_view word) {
  std::string text(word);
  std::ranges::replace(text, '_', '-');
  return text;
}

std::optional<std::size_t> index_of(std::string_view text,
                                    std::span<const std::string_view> words) {
  const auto found = std::ranges::find(words, with_dashes(text), with_dashes);
  if (found == words.end()) return std::nullopt;
  return static_cast<std::size_t>(found - words.begin());
}

ValueForm form_of_words(std::string_view quantity, std::vector<std::string_view> words,
                        std::string_view example) {
  auto form = form_of(fmt::format("{} of: {}", quantity, fmt::join(words, ", ")), example);
  form.completion = Completion::words;
  form.words = std::move(words);
  return form;
}

std::vector<std::string_view> quantile_names() {
  std::vector<std::string_view> names;
  for (const auto& quantile : standard_quantiles) names.push_back(quantile.name);
  return names;
}

std::optional<ServiceLevel> read_service_level(std::string_view text, Bounds bounds) {
  const auto sign = text.find('=');
  if (sign == std::string_view::npos) return std::nullopt;
  ServiceLevel level{.quantile = std::string(text.substr(0, sign))};
  std::ranges::replace(level.quantile, '.', '_');
  const auto known = quantile_names();
  const auto limit_s = read_seconds(text.substr(sign + 1));
  if (std::ranges::find(known, level.quantile) == known.end() || !limit_s) return std::nullopt;
  level.limit_ns = *limit_s * nanoseconds_per_second;
  return contains(bounds, level.limit_ns) ? std::optional(level) : std::nullopt;
}

}  // namespace

Value<std::uint64_t> whole_number(Bounds bounds, std::string_view example) {
  return single<std::uint64_t>(
      form_of(fmt::format("a whole number from {} to {}", bounds.minimum, bounds.maximum), example),
      [bounds](std::string_view text) { return within_bounds(text, bounds); });
}

Value<std::vector<std::uint32_t>> whole_numbers(Bounds bounds, std::string_view example,
                                                Repeats repeats) {
  auto form = form_with(fmt::format("whole numbers from {} to {}", bounds.minimum, bounds.maximum),
                        example);
  form.is_list = true;
  return {std::move(form), [bounds, repeats](const Given& given) {
            std::vector<std::uint32_t> values;
            for (const auto& entry : entries_of(given)) {
              if (const auto value = within_bounds(entry, bounds))
                append(values, static_cast<std::uint32_t>(*value), repeats);
              else if (const auto range = read_range(entry, bounds))
                append_range(values, *range, repeats, given);
              else
                throw refused(given, entry);
            }
            return values;
          }};
}

Value<std::vector<double>> shares(std::string_view example) {
  return list<double>(form_with("numbers from 0 to 1", example), [](std::string_view text) {
    const auto value = read_decimal(text);
    return value && *value <= 1 ? value : std::nullopt;
  });
}

Value<double> duration(Bounds bounds, std::string_view example) {
  constexpr std::uint64_t hour_ns = 3'600'000'000'000;
  const bool may_be_long = bounds.maximum >= hour_ns;
  return single<double>(
      form_with(fmt::format("a time from {} to {} with its unit ({})", time_text(bounds.minimum),
                            time_text(bounds.maximum),
                            may_be_long ? "us, ms, s, min or h" : "us, ms or s"),
                example),
      [bounds, may_be_long](std::string_view text) {
        const auto value = read_seconds(text, may_be_long);
        return value && contains(bounds, *value * nanoseconds_per_second) ? value : std::nullopt;
      },
      hint_of_missing("unit", example));
}

Value<std::vector<std::uint32_t>> durations(Bounds bounds, std::string_view example) {
  return list<std::uint32_t>(
      form_with(fmt::format("times from {} to {} with their units (ns, us, ms or s)",
                            time_text(bounds.minimum), time_text(bounds.maximum)),
                example),
      [bounds](std::string_view text) -> std::optional<std::uint32_t> {
        const auto value = text == "0" ? std::optional(0.0) : read_seconds(text);
        if (!value || !contains(bounds, *value * nanoseconds_per_second)) return std::nullopt;
        return static_cast<std::uint32_t>(std::llround(*value * nanoseconds_per_second));
      },
      hint_of_missing("unit", example));
}

Value<ServiceLevel> service_level(Bounds bounds, std::string_view example) {
  return single<ServiceLevel>(
      form_with(
          fmt::format("a quantile ({}) and a time from {} to {}", fmt::join(quantile_names(), ", "),
                      time_text(bounds.minimum), time_text(bounds.maximum)),
          example),
      [bounds](std::string_view text) { return read_service_level(text, bounds); });
}

Value<double> percent(Bounds bounds, std::string_view example) {
  constexpr double tenths = 10;
  return single<double>(
      form_with(
          fmt::format("a percentage from {}% to {}%", static_cast<double>(bounds.minimum) / tenths,
                      static_cast<double>(bounds.maximum) / tenths),
          example),
      [bounds](std::string_view text) -> std::optional<double> {
        if (!text.ends_with('%')) return std::nullopt;
        const auto number = read_decimal(text.substr(0, text.size() - 1));
        if (!number || !contains(bounds, *number * tenths)) return std::nullopt;
        return *number / 100;
      },
      hint_of_missing("%", example));
}

Value<std::size_t> word(const std::vector<std::string_view>& words, std::string_view example) {
  return single<std::size_t>(
      form_of_words("one", words, example),
      [words](std::string_view text) { return index_of(text, words); },
      [words](std::string_view text) { return did_you_mean(text, words); });
}

Value<std::vector<std::size_t>> words(const std::vector<std::string_view>& words,
                                      std::string_view example) {
  auto in_order_typed = list<std::size_t>(
      form_of_words("one or more", words, example),
      [words](std::string_view text) { return index_of(text, words); },
      [words](std::string_view text) { return did_you_mean(text, words); });
  return mapped(std::move(in_order_typed), [](std::vector<std::size_t> indices) {
    std::ranges::sort(indices);
    return indices;
  });
}

Value<std::vector<std::string>> strategy_names(std::string_view example) {
  return {{.expectation = fmt::format("names or tags of strategies, e.g. {}", example),
           .range = fmt::format("e.g. {}", example),
           .example = std::string(example),
           .is_list = true,
           .completion = Completion::strategies},
          [](const Given& given) { return select_strategies(entries_of(given), given.catalogue); }};
}

Value<std::string> path(Completion kind, std::string_view example) {
  const auto* const what = kind == Completion::directories ? "directory" : "file";
  return {{.expectation = fmt::format("a {}, e.g. {}", what, example),
           .range = {},
           .example = std::string(example),
           .completion = kind},
          [](const Given& given) { return given.texts.front(); }};
}

}  // namespace lockbench
