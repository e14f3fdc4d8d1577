#include "harness/machine/doctor/doctor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "harness/base/text/width.hpp"
#include "harness/machine/doctor/rules.hpp"

namespace lockbench {
namespace {

Finding judged(const doctor::Rule& rule, const MachineFacts& facts) {
  const auto seen = rule.look(facts);
  Finding finding = seen.value_or({seen.reason(), Severity::note});
  finding.name = rule.name;
  if (finding.severity != Severity::ok && finding.consequence.empty()) {
    const auto& advice = seen.known() ? rule.when_not_ok : rule.when_unknown;
    finding.consequence = advice.consequence;
    finding.change = advice.change;
  }
  return finding;
}

void append_finding(std::string& out, const Finding& finding, std::size_t width) {
  constexpr std::size_t text_column = 34;
  constexpr std::size_t detail_column = 17;
  out += fmt::format("{:<8} {:<24} {}\n", to_string(finding.severity), finding.name,
                     wrapped(finding.found, text_column, width));
  for (const auto& [label, detail] :
       {std::pair("means:", &finding.consequence), std::pair("change:", &finding.change)}) {
    if (detail->empty()) continue;
    out += fmt::format("{:9}{:<8}{}\n", "", label, wrapped(*detail, detail_column, width));
  }
}

std::string verdict(const Diagnosis& diagnosis) {
  const auto count = [&](Severity severity) {
    return std::ranges::count(diagnosis.findings, severity, &Finding::severity);
  };
  const std::string tally =
      fmt::format("{} unfit, {} warnings, {} notes, {} ok", count(Severity::unfit),
                  count(Severity::warning), count(Severity::note), count(Severity::ok));
  switch (worst_severity(diagnosis)) {
    case Severity::unfit:
      return fmt::format("Unfit: results would not show what they claim to ({}).", tally);
    case Severity::warning:
      return fmt::format(
          "Usable for comparisons within blocks, not for publishing absolute figures ({}).", tally);
    case Severity::note:
    case Severity::ok: break;
  }
  return fmt::format("Fit for results that may be published ({}).", tally);
}

}  // namespace

MachineFacts read_machine_facts(const ProbeBudget& budget) {
  MachineFacts facts;
  const SystemFiles files;
  facts.load = read_load(files);  // before the probes add to it
  facts.topology = read_topology();
  facts.online_cpus = count_online_cpus(files);
  facts.settings = read_settings(files);
  facts.scheduling = read_scheduling(files);
  facts.virtualisation = read_virtualisation();
  facts.build = build_facts();
  const auto others_busy = probe_others(budget.quiet);
  const Load before = read_load(files);
  facts.probes = run_probes(facts.topology, budget);
  facts.probes.steal = shares_between(before, read_load(files)).then(&CpuShares::steal);
  facts.probes.others_busy = others_busy;
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

Severity worst_severity(const Diagnosis& diagnosis) {
  return diagnosis.findings.front().severity;
}

bool publishable(const Diagnosis& diagnosis) {
  return worst_severity(diagnosis) <= Severity::note;
}

ExitCode doctor_exit_code(const Diagnosis& diagnosis, bool strict) {
  return strict && !publishable(diagnosis) ? ExitCode::inconclusive : ExitCode::ok;
}

std::string render_text(const Diagnosis& diagnosis, std::size_t width) {
  constexpr std::size_t least_width = 60;
  width = std::max(width, least_width);
  std::string out;
  for (const Finding& finding : diagnosis.findings) append_finding(out, finding, width);
  return out + fmt::format("\n{}\n", wrapped(verdict(diagnosis), 0, width));
}

void to_json(nlohmann::json& json, const Finding& finding) {
  json = {{"name", finding.name},
          {"severity", to_string(finding.severity)},
          {"found", finding.found},
          {"consequence", finding.consequence},
          {"change", finding.change}};
}

void to_json(nlohmann::json& json, const Diagnosis& diagnosis) {
  json = {{"findings", diagnosis.findings},
          {"worst", to_string(worst_severity(diagnosis))},
          {"publishable", publishable(diagnosis)}};
}

}  // namespace lockbench
