#include "harness/results/conclusion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>
#include <utility>

#include <nlohmann/json.hpp>

#include "harness/base/json_values.hpp"
#include "harness/base/text/progress_line.hpp"

namespace lockbench {
namespace {

/// One line a strategy, with the counts of `double_hand_outs=3 lost_updates=1` summed over windows.
std::vector<std::string> violation_lines(std::span<const WindowRow> rows) {
  std::map<std::string, std::map<std::string, std::uint64_t>> by_strategy;
  for (const auto& row : rows) {
    const auto* const violated = row.validity.find(Invalid::violated);
    if (violated == nullptr) continue;
    std::istringstream counts(violated->detail);
    std::string name;
    std::uint64_t count = 0;
    while (std::getline(counts >> std::ws, name, '=') && counts >> count) {
      by_strategy[row.strategy][name] += count;
    }
  }
  std::vector<std::string> lines;
  for (const auto& [strategy, counts] : by_strategy) {
    auto& line = lines.emplace_back(strategy + ":");
    for (const auto& [name, count] : counts) line += fmt::format(" {}={}", name, count);
  }
  return lines;
}

/// One line a strategy, for its first failure.
std::vector<std::string> failure_lines(std::span<const WindowRow> rows) {
  std::map<std::string, std::string> first;
  for (const auto& row : rows) {
    if (!row.validity.crashed_or_hung()) continue;
    first.try_emplace(row.strategy,
                      fmt::format("{} in {}: {}", row.strategy, row.block_id, row.validity.text()));
  }
  std::vector<std::string> lines;
  for (auto& [strategy, line] : first) lines.push_back(std::move(line));
  return lines;
}

/// One line a block, for the first time that its memory did not suffice.
std::vector<std::string> memory_lines(std::span<const WindowRow> rows) {
  std::set<std::string> blocks;
  std::vector<std::string> lines;
  for (const auto& row : rows) {
    const auto* const reason = row.validity.find(Invalid::out_of_memory);
    if (reason == nullptr || !blocks.insert(row.block_id).second) continue;
    lines.push_back(fmt::format("{} in {}: {}", row.strategy, row.block_id, reason->detail));
  }
  return lines;
}

void read_null(Conclusion& conclusion, std::span<const WindowRow> rows) {
  std::vector<double> costs_ns;
  for (const auto& row : rows) {
    if (row.strategy != "null" || !row.valid() || !row["cpu_s"_figure]) continue;
    if (conclusion.null_threads != 0 && row.point.threads > conclusion.null_threads) continue;
    if (row.point.threads < conclusion.null_threads) costs_ns.clear();
    conclusion.null_threads = row.point.threads;
    costs_ns.push_back(1e9 * *row["cpu_s"_figure] / row["operations"_figure].value_or(0));
  }
  if (!costs_ns.empty()) conclusion.null_ns_per_op = median(costs_ns);
}

/// Takes the median over the cases of each process, since all of them met the same machine. `null` is
/// left out: its operations take no time at all, so timing them is not cheap.
void read_sampling_cost(Conclusion& conclusion, std::span<const WindowRow> rows) {
  struct Throughputs {
    std::vector<double> sampled;
    std::vector<double> undisturbed;
  };
  using Process = std::pair<std::string, std::uint32_t>;
  std::map<Process, std::map<std::string, Throughputs>> processes;
  for (const auto& row : rows) {
    const auto throughput = row["throughput_ops_s"_figure].value_or(0);
    if (!row.valid() || throughput <= 0) continue;
    if (row.strategy == "null" || row.point.load > 0) continue;
    auto& of_case = processes[{row.block_id, row.process}][row.case_id];
    (row.sample_every == 0 ? of_case.undisturbed : of_case.sampled).push_back(throughput);
    if (row.sample_every == 0) continue;
    auto& least = conclusion.least_sample_every;
    least = least == 0 ? row.sample_every : std::min(least, row.sample_every);
    conclusion.sample_every = std::max(conclusion.sample_every, row.sample_every);
  }
  std::vector<double> logs;
  for (const auto& [process, cases] : processes) {
    std::vector<double> of_process;
    for (const auto& [name, values] : cases) {
      if (values.sampled.empty() || values.undisturbed.empty()) continue;
      of_process.push_back(std::log(median(values.sampled) / median(values.undisturbed)));
    }
    if (!of_process.empty()) logs.push_back(median(of_process));
  }
  if (logs.empty()) return;
  conclusion.sampling_ratio = ratio_of(paired_difference(logs));
}

std::string sampling_text(const Conclusion& conclusion) {
  const auto percent = [](double ratio) { return 100 * (ratio - 1); };
  const auto& ratio = *conclusion.sampling_ratio;
  const auto [least, most] = std::pair(conclusion.least_sample_every, conclusion.sample_every);
  const std::string timed = most == 1       ? "every operation"
                            : least == most ? fmt::format("one operation in {}", most)
                                            : fmt::format("one operation in {} to {}", least, most);
  std::string text = fmt::format("latency: timing {} changed throughput by {:+.1f} %", timed,
                                 percent(ratio.value));
  if (ratio.interval) {
    text += fmt::format(" [{:+.1f}, {:+.1f}]", percent(ratio.interval->low),
                        percent(ratio.interval->high));
  }
  return text + "; those windows count for latency alone";
}

std::string level_text(const ServiceLevelRow& row) {
  const auto us = [](double ns) { return fmt::format("{:.3g} µs", ns / 1000); };
  std::string text = fmt::format("SLO {} <= {}: {} ", row.quantile, us(row.limit_ns), row.strategy);
  if (row.load) {
    text +=
        fmt::format("holds up to a load of {} ({:.4g} tasks/s, {} = {})", *row.load,
                    row.offered_tasks_s.value_or(0), row.quantile, us(row.reached_ns.value_or(0)));
  } else {
    text += "holds at no load that was measured";
  }
  if (row.next_load) {
    text += fmt::format(
        "; at {} it is {}", *row.next_load,
        row.next_reached_ns ? us(*row.next_reached_ns) : "unknown, for want of samples");
  }
  return text;
}

std::string floor_text(const Conclusion& conclusion) {
  const auto& floor = conclusion.floor;
  std::string text = fmt::format("A/A floor: {} against itself gave a ratio of {:.3f}",
                                 conclusion.twin, floor.ratio);
  if (floor.interval) {
    text += fmt::format(" [{:.3f}, {:.3f}]", floor.interval->low, floor.interval->high);
  }
  text += floor.blocks == 1 ? "" : fmt::format(" over {} blocks", floor.blocks);
  if (floor.typical_half_width) {
    text +=
        fmt::format("; a block tells ratios to within ± {:.1f} %", 100 * *floor.typical_half_width);
  }
  return text;
}

/// `3 x too little overlap, 1 x violated`
std::string counts_text(const std::map<std::string, std::uint64_t>& counts) {
  std::string text;
  for (const auto& [name, count] : counts) {
    text += fmt::format("{}{} x {}", text.empty() ? "" : ", ", count, name);
  }
  return text;
}

std::string precision_text(const PrecisionConclusion& precision) {
  const auto& reached = precision.reached;
  const auto asked = fmt::format("{:.3g} %", 100 * reached.asked);
  if (reached.cases == 0)
    return fmt::format("precision: no case can have a result to be {}", asked);
  if (reached.wide == 0) {
    return fmt::format("precision: {} reached in {} of {} cases after {} processes", asked,
                       reached.cases, reached.cases, precision.processes);
  }
  return fmt::format(
      "precision: {}{} of {} cases {} wider than {}, the widest {} ({})",
      precision.budget_is_spent() ? fmt::format("budget of {:.0f} s spent; ", precision.budget_s)
                                  : "",
      reached.wide, reached.cases, reached.wide == 1 ? "is" : "are", asked,
      reached.widest_half_width ? fmt::format("± {:.1f} %", 100 * *reached.widest_half_width)
                                : "without an interval",
      reached.widest);
}

/// Enters `NAME`, `NAME_low` and `NAME_high`, null where there is none.
void enter(nlohmann::json& object, const std::string& name, const Cell& value,
           const std::optional<Interval>& interval) {
  object[name] = value;
  object[name + "_low"] = interval ? Cell(interval->low) : Cell();
  object[name + "_high"] = interval ? Cell(interval->high) : Cell();
}

}  // namespace

void to_json(nlohmann::json& object, const PrecisionConclusion& precision) {
  const auto& reached = precision.reached;
  object = {{"asked", reached.asked},
            {"cases", reached.cases},
            {"wide_cases", reached.wide},
            {"widest_case", reached.widest},
            {"widest_half_width", reached.widest_half_width},
            {"reached", reached.wide == 0},
            {"budget_s", precision.budget_s},
            {"spent_s", precision.spent_s},
            {"processes", precision.processes},
            {"further_processes", precision.further_processes}};
}

double Conclusion::orchestration_share() const noexcept {
  return wall_s > 0 ? std::max(0.0, 1 - measured_s / wall_s) : 0;
}

ExitCode Conclusion::exit_code() const noexcept {
  if (!violations.empty()) return ExitCode::violated;
  if (!failures.empty()) return ExitCode::failure;
  if (!out_of_memory.empty()) return ExitCode::inconclusive;
  return valid_windows == 0 ? ExitCode::inconclusive : ExitCode::ok;
}

Conclusion conclude(std::span<const WindowRow> rows, double wall_s, double measured_s) {
  Conclusion conclusion;
  conclusion.windows = rows.size();
  for (const auto& row : rows) {
    if (row.twin && conclusion.twin.empty()) conclusion.twin = row.strategy;
    if (row.valid()) {
      ++conclusion.valid_windows;
    } else {
      ++conclusion.invalid_reasons[row.validity.first_kind()];
    }
  }
  std::vector<const WindowRow*> windows;
  for (const auto& row : rows) windows.push_back(&row);
  conclusion.flags = flag_counts(windows);
  conclusion.violations = violation_lines(rows);
  conclusion.failures = failure_lines(rows);
  conclusion.out_of_memory = memory_lines(rows);
  conclusion.floor = noise_floor(rows);
  conclusion.wall_s = wall_s;
  conclusion.measured_s = measured_s;
  read_null(conclusion, rows);
  read_sampling_cost(conclusion, rows);
  return conclusion;
}

std::string conclusion_text(const Conclusion& conclusion) {
  std::string text;
  const auto say = [&](const std::string& line) { text += line + "\n"; };
  for (const auto& line : conclusion.violations) say("VIOLATED  " + line);
  for (const auto& line : conclusion.failures) say("FAILED  " + line);
  for (const auto& line : conclusion.out_of_memory) say("OUT OF MEMORY  " + line);
  if (conclusion.floor.blocks > 0) say(floor_text(conclusion));
  if (conclusion.precision) say(precision_text(*conclusion.precision));
  for (const auto& row : conclusion.service_levels) say(level_text(row));
  if (conclusion.sampling_ratio) say(sampling_text(conclusion));
  if (conclusion.sample_shortage) say(shortage_text(*conclusion.sample_shortage));
  if (conclusion.null_ns_per_op) {
    say(fmt::format("harness: null takes {:.2f} ns of CPU time an operation on {} thread{}",
                    *conclusion.null_ns_per_op, conclusion.null_threads,
                    conclusion.null_threads == 1 ? "" : "s"));
  }
  const auto invalid = counts_text(conclusion.invalid_reasons);
  say(fmt::format("{} of {} windows valid ({:.1f} %){}", conclusion.valid_windows,
                  conclusion.windows,
                  conclusion.windows == 0 ? 0.0
                                          : 100.0 * static_cast<double>(conclusion.valid_windows) /
                                                static_cast<double>(conclusion.windows),
                  invalid.empty() ? "" : "; not: " + invalid));
  auto flagged = counts_text(conclusion.flags);
  for (const auto& [word, cases] : {std::pair{"multimodal", conclusion.multimodal_cases},
                                    {"harness bound", conclusion.harness_bound_cases}}) {
    if (cases == 0) continue;
    flagged += fmt::format("{}{} case{} {}", flagged.empty() ? "" : ", ", cases,
                           cases == 1 ? "" : "s", word);
  }
  if (!flagged.empty()) say("flagged, but valid: " + flagged);
  say(fmt::format("{} in all, {:.0f} % of it orchestration (start-up, prefill, probes, gaps)",
                  duration_text(conclusion.wall_s), 100 * conclusion.orchestration_share()));
  return text;
}

nlohmann::json to_json(const Conclusion& conclusion) {
  nlohmann::json object{{"windows", conclusion.windows},
                        {"valid_windows", conclusion.valid_windows},
                        {"invalid_reasons", conclusion.invalid_reasons},
                        {"flags", conclusion.flags},
                        {"multimodal_cases", conclusion.multimodal_cases},
                        {"harness_bound_cases", conclusion.harness_bound_cases},
                        {"violations", conclusion.violations},
                        {"failures", conclusion.failures},
                        {"out_of_memory", conclusion.out_of_memory},
                        {"wall_s", conclusion.wall_s},
                        {"measured_s", conclusion.measured_s},
                        {"orchestration_share", conclusion.orchestration_share()},
                        {"sample_every", conclusion.sample_every},
                        {"least_sample_every", conclusion.least_sample_every},
                        {"sample_shortage", conclusion.sample_shortage},
                        {"null_ns_per_op", conclusion.null_ns_per_op},
                        {"null_threads", conclusion.null_threads},
                        {"twin_strategy", conclusion.twin},
                        {"twin_blocks", conclusion.floor.blocks},
                        {"twin_typical_half_width", conclusion.floor.typical_half_width},
                        {"precision", conclusion.precision}};
  enter(object, "twin_ratio", conclusion.floor.ratio, conclusion.floor.interval);
  const auto& sampling = conclusion.sampling_ratio;
  enter(object, "sampling_ratio", sampling ? Cell(sampling->value) : Cell(),
        sampling ? sampling->interval : std::nullopt);
  return object;
}

}  // namespace lockbench
