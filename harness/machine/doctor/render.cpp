#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "harness/base/text/width.hpp"
#include "harness/machine/doctor/doctor.hpp"

namespace lockbench {
namespace {

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
