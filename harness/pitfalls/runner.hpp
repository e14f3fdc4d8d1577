#pragma once

/// Runs pitfalls, each dose in a child process with a time limit.

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "harness/pitfalls/pitfall.hpp"
#include "harness/pitfalls/report.hpp"

namespace lockbench {

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
