#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/base/json_text.hpp"
#include "harness/base/text/output.hpp"
#include "harness/base/text/table.hpp"
#include "harness/pitfalls/pitfalls.hpp"
#include "harness/pitfalls/runner.hpp"
#include "harness/processes/interrupt.hpp"
#include "harness/results/csv.hpp"
#include "harness/verbs/verbs.hpp"

namespace lockbench {
namespace {

ExitCode list_pitfalls(Format format) {
  nlohmann::ordered_json entries = nlohmann::ordered_json::array();
  std::string csv = "name,summary,rule\n";
  std::vector<std::vector<std::string>> rows;
  for (const auto& [name, summary, rule, run] : all_pitfalls()) {
    entries.push_back({{"name", name}, {"summary", summary}, {"rule", rule}});
    csv += csv::join({std::string(name), std::string(summary), std::string(rule)}) + "\n";
    rows.push_back({std::string(name), std::string(summary)});
  }
  const std::array<std::string, 2> headers{"pitfall", "summary"};
  switch (format) {
    case Format::table: print_data(render_table(headers, rows, {})); break;
    case Format::csv: print_data(csv); break;
    case Format::json: print_data(json_text(entries)); break;
    case Format::gbench: break;  // refused with this verb
  }
  return ExitCode::ok;
}

/// Prints each report as soon as it is there, JSON aside, which is one value for all.
class ReportPrinter {
public:
  ReportPrinter(Format format, bool all) : format_(format), all_(all) {
    if (format == Format::csv) print_data(report_csv_header());
  }
  void add(const PitfallReport& report) {
    json_.push_back(to_json(report));
    if (format_ == Format::csv) print_data(to_csv(report));
    if (format_ == Format::table) {
      print_data(
          fmt::format("{}{}\n", json_.size() == 1 ? "" : "\n", fmt::join(to_lines(report), "\n")));
    }
    std::fflush(stdout);
  }
  void add_failure(std::string_view name, const std::string& what) {
    tell("bench: the process of {} {}\n", name, what);
    json_.push_back({{"pitfall", name}, {"failed", what}});
  }
  /// One object for one pitfall, an array for all.
  void finish() const {
    if (format_ == Format::json) print_data(json_text(all_ ? json_ : json_.front()));
  }

private:
  Format format_;
  bool all_;
  nlohmann::ordered_json json_ = nlohmann::ordered_json::array();
};

}  // namespace

ExitCode demonstrate_pitfalls(const CommandLine& line) {
  if (line.lists_pitfalls) return list_pitfalls(line.format);
  catch_interrupts();
  const bool all = line.pitfall == every_pitfall;
  ReportPrinter printer(line.format, all);
  auto code = ExitCode::ok;
  for (const auto& pitfall : all_pitfalls()) {
    if (!all && pitfall.name != line.pitfall) continue;
    const auto outcome = run_pitfall(pitfall);
    if (outcome.interrupted) return ExitCode::interrupted;
    if (!outcome.report) {
      printer.add_failure(pitfall.name, outcome.what);
      code = worse(code, ExitCode::failure);
      continue;
    }
    if (!outcome.report->result.shown) code = worse(code, ExitCode::inconclusive);
    printer.add(*outcome.report);
  }
  printer.finish();
  return code;
}

}  // namespace lockbench
