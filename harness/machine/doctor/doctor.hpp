#pragma once

/// Is this machine fit to compare locks on, and what would make it fitter?

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "harness/base/enum_names.hpp"
#include "harness/base/errors.hpp"
#include "harness/machine/facts/build_context.hpp"
#include "harness/machine/facts/load.hpp"
#include "harness/machine/facts/scheduling.hpp"
#include "harness/machine/facts/settings.hpp"
#include "harness/machine/facts/topology.hpp"
#include "harness/machine/facts/virtualisation.hpp"
#include "harness/machine/probes/probes.hpp"

namespace lockbench {

enum class Severity : std::uint8_t {
  ok,
  note,     ///< cannot be measured here, or must be known to read the results rightly
  warning,  ///< shifts or spreads the results
  unfit     ///< results would not show what they claim to
};
constexpr auto enum_names(Severity) {
  using enum Severity;
  return std::to_array<EnumName<Severity>>(
      {{ok, "ok"}, {note, "note"}, {warning, "warning"}, {unfit, "unfit"}});
}

struct Finding {
  std::string found;
  Severity severity = Severity::ok;
  std::string consequence = {};  ///< for measurements; empty when ok
  std::string change = {};       ///< a command or a setting; empty when there is nothing to change
  std::string name = {};         ///< of the rule
};

struct Diagnosis {
  std::vector<Finding> findings;  ///< one a rule; worst first, otherwise in the order of the rules
};

/// All that the rules look at. Tests invent one.
struct MachineFacts {
  Topology topology;
  Probed<std::int64_t> online_cpus;
  Settings settings;
  Scheduling scheduling;
  Virtualisation virtualisation;
  Load load;
  Probes probes;
  BuildFacts build;
};

/// Takes about two seconds with the default budget. Never throws.
[[nodiscard]] MachineFacts read_machine_facts(const ProbeBudget& budget = {});
/// The rules, over facts: no file, clock or thread.
[[nodiscard]] Diagnosis examine(const MachineFacts& facts);

[[nodiscard]] Severity worst_severity(const Diagnosis& diagnosis);
/// Results are publishable when nothing is worse than a note: what a machine cannot measure is
/// stated in its context and harms nobody, but what shifts or spreads its figures does.
[[nodiscard]] bool publishable(const Diagnosis& diagnosis);
/// `strict`: `inconclusive` (5) when results would not be publishable. Otherwise always `ok`: the
/// doctor's task is to tell, not to forbid.
[[nodiscard]] ExitCode doctor_exit_code(const Diagnosis& diagnosis, bool strict);

/// Readable text of at most `width` columns, one finding after the other, with a verdict at the end.
[[nodiscard]] std::string render_text(const Diagnosis& diagnosis, std::size_t width = 96);

void to_json(nlohmann::json& json, const Finding& finding);
void to_json(nlohmann::json& json, const Diagnosis& diagnosis);

}  // namespace lockbench
