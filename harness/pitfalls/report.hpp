#pragma once

/// What came of a pitfall, as text for people and as JSON for programs. Pure.

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/pitfalls/pitfall.hpp"

namespace lockbench {

struct PitfallReport {
  std::string pitfall;
  Shown result;
  std::uint32_t dose = 1;  ///< that `result` is of
  double seconds = 0;      ///< of all doses together
  std::string summary;
  std::string rule;
};

/// A heading, what happened, a table of both forms, and the rule: at most `longest_report` lines of at
/// most 80 columns, as long as the texts are short enough, which a test sees to.
[[nodiscard]] std::vector<std::string> to_lines(const PitfallReport& report);
inline constexpr std::size_t longest_report = 25;

/// `{"pitfall", "shown", "dose", "seconds", "wrong": {key: value}, "right", "units", "rule",
/// "lines"}`.
[[nodiscard]] nlohmann::ordered_json to_json(const PitfallReport& report);

/// How a child tells its parent what it saw.
[[nodiscard]] nlohmann::json to_message(const Shown& result);
/// Throws `nlohmann::json::exception` when it is not one of `to_message`.
[[nodiscard]] Shown from_message(const nlohmann::json& message);

}  // namespace lockbench
