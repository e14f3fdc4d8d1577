#include "harness/machine/doctor/doctor.hpp"

#include <algorithm>

#include "harness/machine/doctor/rules.hpp"

namespace lockbench {
namespace {

Finding judged(const doctor::Rule& rule, const MachineFacts& facts) {
  const auto finding = [&](Severity severity, const std::string& found,
                           std::string_view consequence, std::string_view change) {
    return Finding{std::string(rule.name), severity, found, std::string(consequence),
                   std::string(change)};
  };
  const auto sight = rule.look(facts);
  if (!sight.known()) {
    return finding(Severity::note, sight.reason(), rule.when_unknown.consequence,
                   rule.when_unknown.change);
  }
  if (sight->severity == Severity::ok) return finding(Severity::ok, sight->found, {}, {});
  const bool own = !sight->consequence.empty();
  return finding(sight->severity, sight->found,
                 own ? sight->consequence : rule.when_not_ok.consequence,
                 own ? sight->change : rule.when_not_ok.change);
}

}  // namespace

MachineFacts read_machine_facts(const DoctorOptions& options) {
  MachineFacts facts;
  const SystemFiles files;
  facts.load = read_load(files);  // before the probes add to it
  facts.topology = read_topology();
  facts.online_cpus = count_online_cpus(files);
  facts.settings = read_settings(files);
  facts.virtualisation = read_virtualisation();
  facts.build = build_facts();
  facts.probes = run_probes(facts.topology, options.budget);
  facts.most_threads = options.most_threads;
  return facts;
}

Diagnosis examine(const MachineFacts& facts) {
  Diagnosis diagnosis;
  for (const auto& rules : {doctor::place_rules(), doctor::cost_rules()}) {
    for (const auto& rule : rules) diagnosis.findings.push_back(judged(rule, facts));
  }
  std::ranges::stable_sort(diagnosis.findings, std::greater{}, &Finding::severity);
  return diagnosis;
}

Diagnosis diagnose(const DoctorOptions& options) {
  return examine(read_machine_facts(options));
}

Severity worst_severity(const Diagnosis& diagnosis) {
  Severity worst = Severity::ok;
  for (const Finding& finding : diagnosis.findings) worst = std::max(worst, finding.severity);
  return worst;
}

bool publishable(const Diagnosis& diagnosis) {
  return worst_severity(diagnosis) <= Severity::note;
}

ExitCode doctor_exit_code(const Diagnosis& diagnosis, bool strict) {
  return strict && !publishable(diagnosis) ? ExitCode::inconclusive : ExitCode::ok;
}

}  // namespace lockbench
