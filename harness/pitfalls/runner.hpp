#pragma once

/// Runs pitfalls, each dose in a child process that a watchdog looks after.

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "harness/pitfalls/pitfall.hpp"
#include "harness/pitfalls/report.hpp"

namespace lockbench {

/// A pitfall that was run until it showed, or until it was no use to go on.
struct PitfallOutcome {
  std::optional<PitfallReport> report{};  ///< nothing: it could not be run to its end
  bool interrupted = false;
  std::string what{};  ///< why there is no report
};

/// A dose takes some seconds; one that has not ended by then never will.
inline constexpr std::chrono::seconds default_dose_allowance{60};

/// Doses of 1, 4, 16 and 64, until one shows the effect or the next would take too long; says on
/// standard error when it raises the dose. A child that takes longer than `dose_allowance` is killed. Throws `Error` when no process can be started.
[[nodiscard]] PitfallOutcome run_pitfall(
    const Pitfall& pitfall, std::chrono::milliseconds dose_allowance = default_dose_allowance);

/// Whether the arguments of the hidden verb `child` ask for a pitfall: `pitfall NAME DOSE`.
[[nodiscard]] bool asks_for_pitfall(std::span<const std::string> child_arguments);

/// What the child does: runs one dose, prints what it saw as JSON. Returns its exit code.
int pitfall_child_main(std::span<const std::string> child_arguments);

}  // namespace lockbench
