#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/base/text/table.hpp"
#include "harness/pitfalls/pitfalls.hpp"
#include "harness/pitfalls/runner.hpp"
#include "harness/processes/interrupt.hpp"
#include "harness/verbs/verbs.hpp"

namespace lockbench {
namespace {

ExitCode list_pitfalls(Format format) {
  nlohmann::ordered_json entries = nlohmann::ordered_json::array();
  std::vector<std::vector<std::string>> rows;
  for (const auto& pitfall : all_pitfalls()) {
    entries.push_back(
        {{"name", pitfall.name}, {"summary", pitfall.summary}, {"rule", pitfall.rule}});
    rows.push_back({std::string(pitfall.name), std::string(pitfall.summary)});
  }
  const std::array<std::string, 2> headers{"pitfall", "summary"};
  fmt::print("{}",
             format == Format::json ? entries.dump(2) + "\n" : render_table(headers, rows, {}));
  return ExitCode::ok;
}

}  // namespace

ExitCode demonstrate_pitfalls(const CommandLine& line) {
  if (line.lists_pitfalls) return list_pitfalls(line.format);
  catch_interrupts();
  const bool all = line.pitfall == every_pitfall;
  auto reports = nlohmann::ordered_json::array();
  auto code = ExitCode::ok;
  for (const auto& pitfall : all_pitfalls()) {
    if (!all && pitfall.name != line.pitfall) continue;
    const auto outcome = run_pitfall(pitfall);
    if (outcome.interrupted) return ExitCode::interrupted;
    if (!outcome.report) {
      fmt::print(stderr, "bench: the process of {} {}\n", pitfall.name, outcome.what);
      code = worse(code, ExitCode::failure);
      continue;
    }
    if (!outcome.report->result.shown) code = worse(code, ExitCode::inconclusive);
    reports.push_back(to_json(*outcome.report));
    if (line.format == Format::json) continue;
    fmt::print("{}{}\n", reports.size() == 1 ? "" : "\n",
               fmt::join(to_lines(*outcome.report), "\n"));
    std::fflush(stdout);
  }
  // One object for one pitfall; nothing at all for one whose process failed.
  if (line.format == Format::json && (all || !reports.empty())) {
    fmt::print("{}\n", (all ? reports : reports.front()).dump(2));
  }
  return code;
}

}  // namespace lockbench
