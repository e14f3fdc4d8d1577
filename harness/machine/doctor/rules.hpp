#pragma once

/// The doctor's rules as two tables. A rule looks at the facts and grades what it sees; bounds stand
/// beside the rule that uses them. `examine` turns the rows into findings.

#include <span>

#include "harness/machine/doctor/doctor.hpp"

namespace lockbench::doctor {

/// What a finding means for measurements, and a command or a setting that changes it.
struct Advice {
  std::string_view consequence;
  std::string_view change = {};  ///< empty when there is nothing to change
};

struct Rule {
  std::string_view name;
  /// What it sees, and its grade. A reason in place of that where the machine does not tell; that is a
  /// note. The look itself says what the finding means where there is more than one way not to be ok.
  Probed<Finding> (*look)(const MachineFacts&);
  Advice when_unknown = {};
  Advice when_not_ok = {};
};

/// Rules about the place a process was given: its CPUs, their clocks, and who else uses them.
[[nodiscard]] std::span<const Rule> place_rules();
/// Rules about what it costs to share that place, and about what can be counted there.
[[nodiscard]] std::span<const Rule> cost_rules();

/// `ok` below `warning`, from there on a warning, and `unfit` from `unfit`.
[[nodiscard]] constexpr Severity graded(double value, double warning, double unfit) noexcept {
  if (value < warning) return Severity::ok;
  return value < unfit ? Severity::warning : Severity::unfit;
}

}  // namespace lockbench::doctor
