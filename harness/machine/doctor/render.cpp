#include <fmt/format.h>

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "harness/machine/doctor/doctor.hpp"

namespace lockbench {
namespace {

/// Appends `text`, broken at blanks so that no line passes `width`; lines after the first start
/// with `indent` blanks, where the first is taken to have begun.
void append_wrapped(std::string& out, std::string_view text, std::size_t indent,
                    std::size_t width) {
  std::size_t column = indent;
  bool first = true;
  for (const std::string& word : split_words(text)) {
    if (!first && column + 1 + word.size() > width) {
      out += fmt::format("\n{:{}}", "", indent);
      column = indent;
      first = true;
    }
    if (!first) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
    first = false;
  }
  out += '\n';
}

void append_finding(std::string& out, const Finding& finding, std::size_t width) {
  constexpr std::size_t text_column = 34;
  constexpr std::size_t detail_column = 17;
  out += fmt::format("{:<8} {:<24} ", to_string(finding.severity), finding.name);
  append_wrapped(out, finding.found, text_column, width);
  if (!finding.consequence.empty()) {
    out += fmt::format("{:9}{:<8}", "", "means:");
    append_wrapped(out, finding.consequence, detail_column, width);
  }
  if (!finding.change.empty()) {
    out += fmt::format("{:9}{:<8}", "", "change:");
    append_wrapped(out, finding.change, detail_column, width);
  }
}

std::string verdict(const Diagnosis& diagnosis) {
  std::array<std::size_t, 4> counts{};
  for (const Finding& finding : diagnosis.findings) {
    ++counts[static_cast<std::size_t>(finding.severity)];
  }
  const auto count = [&](Severity severity) { return counts[static_cast<std::size_t>(severity)]; };
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

std::string_view to_string(Severity severity) noexcept {
  static constexpr std::array<std::string_view, 4> names{"ok", "note", "warning", "unfit"};
  return names[static_cast<std::size_t>(severity)];
}

std::string render_text(const Diagnosis& diagnosis, std::size_t width) {
  constexpr std::size_t least_width = 60;
  width = std::max(width, least_width);
  std::string out;
  for (const Finding& finding : diagnosis.findings) append_finding(out, finding, width);
  out += '\n';
  append_wrapped(out, verdict(diagnosis), 0, width);
  return out;
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
