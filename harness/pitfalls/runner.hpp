#pragma once

/// Runs pitfalls, each dose in a child process with a time limit, and shows what came of it.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "harness/pitfalls/pitfalls.hpp"

namespace lockbench {

// --- the result of a pitfall, as text for people and as JSON for programs; pure ------------------

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

/// One line a reading: what was measured of the wrong and of the right form; empty where a form has no
/// such figure. A report without readings has one line, with its verdict alone.
[[nodiscard]] std::string report_csv_header();
[[nodiscard]] std::string to_csv(const PitfallReport& report);

// --- processes ------------------------------------------------------------------------------------

/// The result of a pitfall that was run until it showed, or until going on was useless.
struct PitfallOutcome {
  std::optional<PitfallReport> report{};  ///< empty if it could not be run to its end
  bool interrupted = false;
  std::string what{};  ///< why there is no report
};

/// A dose takes some seconds; one that takes longer than this never ends.
inline constexpr std::chrono::seconds default_dose_allowance{60};

/// Runs doses of 1, 4, 16 and 64 until one shows the effect or the next would take too long. Reports on
/// standard error when it raises the dose. Kills a child that takes longer than `dose_allowance`.
/// Throws `Error` if no process can be started.
[[nodiscard]] PitfallOutcome run_pitfall(
    const Pitfall& pitfall, std::chrono::milliseconds dose_allowance = default_dose_allowance);

/// Whether the arguments of the hidden verb `child` ask for a pitfall: `pitfall NAME DOSE`.
[[nodiscard]] bool asks_for_pitfall(std::span<const std::string> child_arguments);

/// The child's part: runs one dose and prints its result as JSON. Returns its exit code.
int pitfall_child_main(std::span<const std::string> child_arguments);

}  // namespace lockbench
