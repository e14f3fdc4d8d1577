#pragma once

/// The result of a pitfall, as text for people and as JSON for programs. Pure.

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/base/json_values.hpp"
#include "harness/pitfalls/pitfall.hpp"

namespace lockbench {

struct PitfallReport {
  std::string pitfall;
  Shown result;
  std::uint32_t dose = 1;  ///< the dose that gave `result`
  double seconds = 0;      ///< of all doses together
  std::string summary;
  std::string rule;
};

/// A heading, what happened, a table of both forms, and the rule: at most `longest_report` lines of at
/// most 80 columns, if the texts are as short as a test demands.
[[nodiscard]] std::vector<std::string> to_lines(const PitfallReport& report);
inline constexpr std::size_t longest_report = 25;

/// `{"pitfall", "shown", "dose", "seconds", "wrong": {key: value}, "right", "units", "rule",
/// "lines"}`.
[[nodiscard]] nlohmann::ordered_json to_json(const PitfallReport& report);

// The message of a child to its parent.
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Reading, key, label, unit, wrong, right)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Shown, shown, no_dose_helps, readings, happened)

}  // namespace lockbench
