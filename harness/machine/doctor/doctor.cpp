#include "harness/machine/doctor/doctor.hpp"

#include <algorithm>

#include "harness/machine/doctor/rules.hpp"

namespace lockbench {
namespace {

using Rule = Finding (*)(const MachineFacts&);

constexpr Rule rules[] = {
    doctor::build_rule,
    doctor::cpus_rule,
    doctor::quota_rule,
    doctor::affinity_rule,
    doctor::smt_rule,
    doctor::numa_rule,
    doctor::virtualisation_rule,
    doctor::others_rule,
    doctor::steal_rule,
    doctor::governor_rule,
    doctor::turbo_rule,
    doctor::drift_rule,
    doctor::clock_rule,
    doctor::line_distance_rule,
    doctor::line_steadiness_rule,
    doctor::wake_up_rule,
    doctor::swap_rule,
    doctor::hugepages_rule,
    doctor::aslr_rule,
    doctor::hardware_counters_rule,
    doctor::software_counters_rule,
    doctor::energy_rule,
    doctor::migrations_rule,
    doctor::futex_calls_rule,
    doctor::run_queue_wait_rule,
    doctor::peak_memory_rule,
    doctor::memory_binding_rule,
};

}  // namespace

MachineFacts read_machine_facts(const DoctorOptions& options) {
  MachineFacts facts;
  const SystemFiles files;
  facts.load = read_load(files);  // before the probes add to it
  facts.topology = read_topology();
  facts.online_cpus =
      files.read("/sys/devices/system/cpu/online").then([](const std::string& list) {
        return static_cast<std::int64_t>(parse_cpu_list(list).size());
      });
  facts.settings = read_settings(files);
  facts.virtualisation = read_virtualisation();
  facts.build = build_facts();
  facts.probes = run_probes(facts.topology, options.budget);
  facts.most_threads = options.most_threads;
  return facts;
}

Diagnosis examine(const MachineFacts& facts) {
  Diagnosis diagnosis;
  for (const Rule rule : rules) diagnosis.findings.push_back(rule(facts));
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
