#pragma once

/// The kinds of values that options take. Each kind knows what it expects, how bash completes it,
/// and how it is read. Reading throws `Error` (`ExitCode::usage`), which names the option, the
/// entry and what was expected.

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/plan/request.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {

enum class Completion : std::uint8_t { none, words, strategies, directories, files };

/// Everything about a kind of value but its type.
struct ValueForm {
  std::string expectation;  ///< for errors: `whole numbers from 1 to 1024, e.g. 1,2`
  std::string range;        ///< for help, where it says more than the meaning; often `expectation`
  std::string example;      ///< a good value
  bool is_list = false;     ///< values may be joined by commas, and the option may be repeated
  Completion completion = Completion::none;
  std::vector<std::string_view> words = {};  ///< of `Completion::words`
};

/// What a user typed for an option, and the names that it may refer to.
struct Given {
  std::string_view option;             ///< its name, `--threads`
  const ValueForm& form;               ///< what it takes
  std::span<const std::string> texts;  ///< one each time it was typed; none for a flag
  std::span<const StrategyTraits> catalogue;
};

/// A kind of value that is read as a `T`.
template <class T>
struct Value {
  ValueForm form;
  std::function<T(const Given&)> read;
};

struct Bounds {
  std::uint64_t minimum = 0;
  std::uint64_t maximum = 0;
};

/// Most values that one list may name: `--prefill 0-4000000` is a slip, not a plan.
inline constexpr std::size_t most_list_values = 1000;

/// Whether a list keeps an entry that is already in it.
enum class Repeats : std::uint8_t { dropped, kept };

/// One number without sign, blank or exponent.
[[nodiscard]] Value<std::uint64_t> whole_number(Bounds bounds, std::string_view example);

/// `1,2,4`, `1-4` (each), `0-100+25` (steps of 25), `1-16*2` (doubling), and mixtures with commas,
/// in the order typed.
[[nodiscard]] Value<std::vector<std::uint32_t>> whole_numbers(Bounds bounds,
                                                              std::string_view example,
                                                              Repeats repeats = Repeats::dropped);

/// Decimal fractions from 0 to 1, without exponent or sign, in the order typed, without repeats.
[[nodiscard]] Value<std::vector<double>> shares(std::string_view example);

/// `20ms`, `0.5s`, `100us`, read as seconds; `5min` and `2h` too where the maximum is an hour or
/// more. `bounds` are in nanoseconds.
[[nodiscard]] Value<double> duration(Bounds bounds, std::string_view example);

/// `50ns,1us`, read as whole nanoseconds, in the order typed, without repeats. A plain 0 needs no
/// unit. `bounds` are in nanoseconds.
[[nodiscard]] Value<std::vector<std::uint32_t>> durations(Bounds bounds, std::string_view example);

/// `p99=100us`. The quantile may also be written with a point: `p99.9`. `bounds` are in nanoseconds.
[[nodiscard]] Value<ServiceLevel> service_level(Bounds bounds, std::string_view example);

/// `2%` or `0.5%`, read as a share: 0.02. `bounds` are in tenths of a percent.
[[nodiscard]] Value<double> percent(Bounds bounds, std::string_view example);

/// The same kind of value, read as what `convert` makes of it.
template <class T, class Convert>
[[nodiscard]] auto mapped(Value<T> value, Convert convert) {
  return Value<std::invoke_result_t<Convert, T>>{
      std::move(value.form),
      [read = std::move(value.read), convert](const Given& given) { return convert(read(given)); }};
}

/// Index of one of `words`. `-` and `_` stand for one another.
[[nodiscard]] Value<std::size_t> word(const std::vector<std::string_view>& words,
                                      std::string_view example);

/// Indices of some of `words`, ascending, without repeats.
[[nodiscard]] Value<std::vector<std::size_t>> words(const std::vector<std::string_view>& words,
                                                    std::string_view example);

/// Names of strategies, see `select_strategies`.
[[nodiscard]] Value<std::vector<std::string>> strategy_names(std::string_view example);

/// A path that completes as `kind`: directories or files.
[[nodiscard]] Value<std::string> path(Completion kind, std::string_view example);

/// Returns the time in the largest unit that divides it: `20ms`. `zero` stands for none.
[[nodiscard]] std::string time_text(std::uint64_t nanoseconds, std::string_view zero = "0s");

/// Names and what they stand for, in the order in which they are offered.
template <class T>
using Named = std::vector<std::pair<std::string_view, T>>;

template <class T>
[[nodiscard]] std::vector<std::string_view> names_of(const Named<T>& named) {
  std::vector<std::string_view> names;
  for (const auto& entry : named) names.push_back(entry.first);
  return names;
}

/// One of the names, read as what it stands for.
template <class T>
[[nodiscard]] Value<T> one_of(const Named<T>& named, std::string_view example) {
  return mapped(word(names_of(named), example), [named](std::size_t i) { return named[i].second; });
}

/// Some of the names, read as what they stand for, in the order of `named`, without repeats.
template <class T>
[[nodiscard]] Value<std::vector<T>> some_of(const Named<T>& named, std::string_view example) {
  return mapped(words(names_of(named), example), [named](const std::vector<std::size_t>& indices) {
    std::vector<T> values;
    for (const auto i : indices) values.push_back(named[i].second);
    return values;
  });
}

}  // namespace lockbench
