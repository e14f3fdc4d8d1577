#include <fmt/format.h>

#include <array>
#include <cmath>
#include <optional>
#include <sstream>
#include <string_view>

#include <nlohmann/json.hpp>

#include "harness/base/text/table.hpp"
#include "harness/base/text/width.hpp"
#include "harness/pitfalls/runner.hpp"
#include "harness/results/csv.hpp"

namespace lockbench {
namespace {

using OrderedJson = nlohmann::ordered_json;

/// Formats a value with about three digits, and a count in full.
std::string figure(std::optional<double> value) {
  if (!value) return "-";
  const double size = std::abs(*value);
  if (size >= 100 || *value == std::floor(*value)) return fmt::format("{:.0f}", *value);
  return fmt::format("{:.{}f}", *value, size >= 10 ? 1 : size >= 0.1 ? 2 : 4);
}

std::string table_of(const std::vector<Reading>& readings) {
  std::vector<std::vector<std::string>> rows;
  rows.reserve(readings.size());
  for (const auto& reading : readings) {
    rows.push_back({reading.label, figure(reading.wrong), figure(reading.right), reading.unit});
  }
  const std::array<std::string, 4> headers{"", "wrong", "right", "unit"};
  constexpr std::array alignments{Align::left, Align::right, Align::right, Align::left};
  return render_table(headers, rows, alignments);
}

std::string verdict(const PitfallReport& report) {
  return report.result.shown
             ? fmt::format("Shown at dose {}, in {:.1f} s.", report.dose, report.seconds)
             : fmt::format(
                   "NOT SHOWN here, up to dose {}, in {:.1f} s: these numbers prove nothing.",
                   report.dose, report.seconds);
}

}  // namespace

std::vector<std::string> to_lines(const PitfallReport& report) {
  auto text = wrapped(fmt::format("{}: {}", report.pitfall, report.summary), 0) + "\n\n" +
              wrapped(report.result.happened, 0) + "\n\n";
  if (!report.result.readings.empty()) text += table_of(report.result.readings) + "\n";
  text += wrapped("Rule: " + report.rule, 0) + "\n" + verdict(report);
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string report_csv_header() {
  return "pitfall,shown,dose,figure,unit,wrong,right\n";
}

std::string to_csv(const PitfallReport& report) {
  const auto line = [&](const Reading& reading) {
    const auto value = [](std::optional<double> of) { return of ? fmt::format("{}", *of) : ""; };
    return csv::join({report.pitfall, report.result.shown ? "1" : "0", std::to_string(report.dose),
                      reading.key, reading.unit, value(reading.wrong), value(reading.right)}) +
           "\n";
  };
  std::string text;
  for (const auto& reading : report.result.readings) text += line(reading);
  return text.empty() ? line({}) : text;
}

OrderedJson to_json(const PitfallReport& report) {
  OrderedJson wrong = OrderedJson::object();
  OrderedJson right = OrderedJson::object();
  OrderedJson units = OrderedJson::object();
  for (const auto& reading : report.result.readings) {
    if (reading.wrong) wrong[reading.key] = *reading.wrong;
    if (reading.right) right[reading.key] = *reading.right;
    units[reading.key] = reading.unit;
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

}  // namespace lockbench
