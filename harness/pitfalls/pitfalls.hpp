#pragma once

/// A demonstration of a well-known mistake with locks: the wrong form and the right form both run and
/// are measured.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lockbench {

/// One figure of both forms. A form to which it does not apply has no value.
struct Reading {
  std::string key;    ///< in JSON: `runs_broken_2_threads`
  std::string label;  ///< in the table
  std::string unit;   ///< `ms`, `of 20 runs`
  std::optional<double> wrong;
  std::optional<double> right;
};

/// The result of one dose of a pitfall.
struct Shown {
  bool shown = false;  ///< the wrong form failed in these numbers, and the right form did not
  bool no_dose_helps = false;  ///< it was not shown, and no larger dose would show it
  std::vector<Reading> readings{};
  std::string happened{};  ///< a paragraph: what was done, and what resulted
};

struct Pitfall {
  std::string_view name;     ///< as typed; lower case and dashes
  std::string_view summary;  ///< one line
  std::string_view rule;     ///< how to avoid it
  /// Runs both forms once. `dose` is 1 at first, and 4 times as large each time that nothing was shown:
  /// it stands for more attempts, or for a longer time in which other threads can interfere. Takes
  /// about 3 s at dose 1 and always ends. It runs in a process of its own, and still has no undefined
  /// behaviour: it shows the mistake, not what a compiler makes of it.
  Shown (*run)(std::uint32_t dose);
};

// --- the list: to add a pitfall, write its file, and add its name to pitfalls.cpp -------------

/// The word that stands for all of them.
inline constexpr std::string_view every_pitfall = "all";

/// In the order in which they are listed and run.
[[nodiscard]] std::span<const Pitfall> all_pitfalls();

/// Returns null if there is none of this name.
[[nodiscard]] const Pitfall* find_pitfall(std::string_view name);

[[nodiscard]] std::vector<std::string_view> pitfall_names();

}  // namespace lockbench
