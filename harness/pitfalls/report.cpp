#include "harness/pitfalls/report.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <optional>
#include <sstream>
#include <string_view>

#include "harness/base/text/table.hpp"
#include "harness/base/text/wrap.hpp"

namespace lockbench {
namespace {

using OrderedJson = nlohmann::ordered_json;

/// Three digits or so; a count as it is.
std::string figure(std::optional<double> value) {
  if (!value) return "-";
  const double size = std::abs(*value);
  if (size >= 100 || *value == std::floor(*value)) return fmt::format("{:.0f}", *value);
  return fmt::format("{:.{}f}", *value, size >= 10 ? 1 : size >= 0.1 ? 2 : 4);
}

void append(std::vector<std::string>& lines, const std::string& text) {
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
}

std::string table_of(const std::vector<Measure>& measures) {
  std::vector<std::vector<std::string>> rows;
  rows.reserve(measures.size());
  for (const auto& measure : measures) {
    rows.push_back({measure.label, figure(measure.wrong), figure(measure.right), measure.unit});
  }
  const std::array<std::string, 4> headers{"", "wrong", "right", "unit"};
  constexpr std::array alignments{Align::left, Align::right, Align::right, Align::left};
  return render_table(headers, rows, alignments);
}

std::string verdict(const PitfallReport& report) {
  return report.result.shown
             ? fmt::format("Shown at dose {}, in {:.1f} s.", report.dose, report.seconds)
             : fmt::format(
                   "NOT SHOWN here, up to dose {}, in {:.1f} s: these numbers tell nothing.",
                   report.dose, report.seconds);
}

nlohmann::json value_of(std::optional<double> value) {
  return value ? nlohmann::json(*value) : nlohmann::json(nullptr);
}

std::optional<double> optional_number(const nlohmann::json& value) {
  if (value.is_null()) return std::nullopt;
  return value.get<double>();
}

}  // namespace

std::vector<std::string> to_lines(const PitfallReport& report) {
  std::vector<std::string> lines;
  append(lines, wrapped(fmt::format("{}: {}", report.pitfall, report.summary), 0));
  lines.emplace_back();
  append(lines, wrapped(report.result.happened, 0));
  lines.emplace_back();
  if (!report.result.measures.empty()) {
    append(lines, table_of(report.result.measures));
    lines.emplace_back();
  }
  append(lines, wrapped("Rule: " + report.rule, 0));
  append(lines, verdict(report));
  return lines;
}

OrderedJson to_json(const PitfallReport& report) {
  OrderedJson wrong = OrderedJson::object();
  OrderedJson right = OrderedJson::object();
  OrderedJson units = OrderedJson::object();
  for (const auto& measure : report.result.measures) {
    if (measure.wrong) wrong[measure.key] = *measure.wrong;
    if (measure.right) right[measure.key] = *measure.right;
    units[measure.key] = measure.unit;
  }
  return {{"pitfall", report.pitfall},
          {"shown", report.result.shown},
          {"dose", report.dose},
          {"seconds", report.seconds},
          {"wrong", wrong},
          {"right", right},
          {"units", units},
          {"rule", report.rule},
          {"lines", to_lines(report)}};
}

nlohmann::json to_message(const Shown& result) {
  nlohmann::json measures = nlohmann::json::array();
  for (const auto& [key, label, unit, wrong, right] : result.measures) {
    measures.push_back({key, label, unit, value_of(wrong), value_of(right)});
  }
  return {{"shown", result.shown},
          {"no_dose_helps", result.no_dose_helps},
          {"measures", measures},
          {"happened", result.happened}};
}

Shown from_message(const nlohmann::json& message) {
  Shown result{.shown = message.at("shown").get<bool>(),
               .no_dose_helps = message.at("no_dose_helps").get<bool>(),
               .happened = message.at("happened").get<std::string>()};
  for (const auto& measure : message.at("measures")) {
    result.measures.push_back({.key = measure.at(0).get<std::string>(),
                               .label = measure.at(1).get<std::string>(),
                               .unit = measure.at(2).get<std::string>(),
                               .wrong = optional_number(measure.at(3)),
                               .right = optional_number(measure.at(4))});
  }
  return result;
}

}  // namespace lockbench
