#include "harness/results/closing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include <nlohmann/json.hpp>

#include "harness/base/text/progress_line.hpp"

namespace lockbench {
namespace {

/// `overlap 0.83 below 0.9` -> `overlap below 0.9`; `violated: a=1 b=2` -> `violated`.
std::string kind_of(const std::string& reason) {
  if (reason.starts_with("overlap")) return "too little overlap";
  return reason.substr(0, reason.find(':'));
}

using Counts = std::map<std::string, std::uint64_t>;

/// Adds `double_hand_outs=3 lost_updates=1` to the counts.
void add_violations(Counts& counts, std::string_view text) {
  text = text.substr(0, text.find(';'));
  for (std::size_t at = text.find('='); at != std::string_view::npos; at = text.find('=', at + 1)) {
    const auto name_begin = text.rfind(' ', at);
    const auto name = text.substr(name_begin == std::string_view::npos ? 0 : name_begin + 1,
                                  at - (name_begin == std::string_view::npos ? 0 : name_begin + 1));
    std::uint64_t count = 0;
    std::from_chars(text.data() + at + 1, text.data() + text.size(), count);
    counts[std::string(name)] += count;
  }
}

std::vector<std::string> violation_lines(std::span<const WindowRow> rows) {
  constexpr std::string_view mark = "violated: ";
  std::map<std::string, Counts> by_strategy;
  for (const auto& row : rows) {
    if (!row.invalid_reason.starts_with(mark)) continue;
    add_violations(by_strategy[row.strategy],
                   std::string_view(row.invalid_reason).substr(mark.size()));
  }
  std::vector<std::string> lines;
  for (const auto& [strategy, counts] : by_strategy) {
    std::string line = strategy + ":";
    for (const auto& [name, count] : counts) line += fmt::format(" {}={}", name, count);
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<std::string> failure_lines(std::span<const WindowRow> rows) {
  std::map<std::string, std::string> first;
  for (const auto& row : rows) {
    const auto& reason = row.invalid_reason;
    if (reason.starts_with("crashed") || reason.starts_with("hung")) {
      first.try_emplace(row.strategy,
                        fmt::format("{} in {}: {}", row.strategy, row.block_id, reason));
    }
  }
  std::vector<std::string> lines;
  for (auto& [strategy, line] : first) lines.push_back(std::move(line));
  return lines;
}

void read_null(Closing& closing, std::span<const WindowRow> rows) {
  std::vector<double> costs_ns;
  for (const auto& row : rows) {
    if (row.strategy != "null" || !row.valid || !row.cpu_s) continue;
    if (closing.null_threads != 0 && row.point.threads > closing.null_threads) continue;
    if (row.point.threads < closing.null_threads) costs_ns.clear();
    closing.null_threads = row.point.threads;
    costs_ns.push_back(1e9 * *row.cpu_s / static_cast<double>(row.operations));
  }
  if (!costs_ns.empty()) closing.null_ns_per_op = median(costs_ns);
}

/// Of each process the median over its cases, since all of them met the same machine. `null` is left
/// out: beside operations that take no time at all, timing them is not cheap.
void read_sampling_cost(Closing& closing, std::span<const WindowRow> rows) {
  struct Throughputs {
    std::vector<double> sampled;
    std::vector<double> undisturbed;
  };
  using Process = std::pair<std::string, std::uint32_t>;
  std::map<Process, std::map<std::string, Throughputs>> processes;
  for (const auto& row : rows) {
    if (!row.valid || !row.throughput_ops_s || *row.throughput_ops_s <= 0) continue;
    if (row.strategy == "null" || row.point.load > 0) continue;
    auto& of_case = processes[{row.block_id, row.process}][row.case_id];
    (row.sample_every == 0 ? of_case.undisturbed : of_case.sampled)
        .push_back(*row.throughput_ops_s);
    closing.sample_every = std::max(closing.sample_every, row.sample_every);
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
  auto estimate = paired_difference(logs);
  estimate.value = std::exp(estimate.value);
  if (estimate.interval) {
    estimate.interval =
        Interval{std::exp(estimate.interval->low), std::exp(estimate.interval->high)};
  }
  closing.sampling_ratio = estimate;
}

std::string sampling_text(const Closing& closing) {
  const auto percent = [](double ratio) { return 100 * (ratio - 1); };
  const auto& ratio = *closing.sampling_ratio;
  std::string text =
      fmt::format("latency: timing one operation in {} changed throughput by {:+.1f} %",
                  closing.sample_every, percent(ratio.value));
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

std::string floor_text(const Closing& closing) {
  const auto& floor = closing.floor;
  std::string text =
      fmt::format("A/A floor: {} against itself gave a ratio of {:.3f}", closing.twin, floor.ratio);
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

std::string percent_text(double share) {
  return fmt::format("{:.3g} %", 100 * share);
}

std::string width_text(const PrecisionReached& reached) {
  return reached.widest_half_width ? fmt::format("± {:.1f} %", 100 * *reached.widest_half_width)
                                   : "without an interval";
}

std::string precision_text(const PrecisionClosing& precision) {
  const auto& reached = precision.reached;
  const auto asked = percent_text(reached.asked);
  if (reached.cases == 0)
    return fmt::format("precision: no case can have a result to be {}", asked);
  if (reached.wide == 0) {
    return fmt::format("precision: {} reached in {} of {} cases after {} processes", asked,
                       reached.cases, reached.cases, precision.processes);
  }
  return fmt::format("precision: {}{} of {} cases {} wider than {}, the widest {} ({})",
                     precision.budget_is_spent()
                         ? fmt::format("budget of {:.0f} s spent; ", precision.budget_s)
                         : "",
                     reached.wide, reached.cases, reached.wide == 1 ? "is" : "are", asked,
                     width_text(reached), reached.widest);
}

nlohmann::json to_json(const std::optional<PrecisionClosing>& precision) {
  if (!precision) return {};
  const auto& reached = precision->reached;
  return {
      {"asked", reached.asked},
      {"cases", reached.cases},
      {"wide_cases", reached.wide},
      {"widest_case", reached.widest},
      {"widest_half_width",
       reached.widest_half_width ? nlohmann::json(*reached.widest_half_width) : nlohmann::json()},
      {"reached", reached.wide == 0},
      {"budget_s", precision->budget_s},
      {"spent_s", precision->spent_s},
      {"processes", precision->processes},
      {"further_processes", precision->further_processes}};
}

}  // namespace

double Closing::orchestration_share() const noexcept {
  return wall_s > 0 ? std::max(0.0, 1 - measured_s / wall_s) : 0;
}

ExitCode Closing::exit_code() const noexcept {
  if (!violations.empty()) return ExitCode::violated;
  if (!failures.empty()) return ExitCode::failure;
  return valid_windows == 0 ? ExitCode::inconclusive : ExitCode::ok;
}

Closing close(std::span<const WindowRow> rows, double wall_s, double measured_s) {
  Closing closing;
  closing.windows = rows.size();
  for (const auto& row : rows) {
    if (row.twin && closing.twin.empty()) closing.twin = row.strategy;
    if (row.valid) {
      ++closing.valid_windows;
    } else {
      ++closing.invalid_reasons[kind_of(row.invalid_reason)];
    }
  }
  std::vector<const WindowRow*> windows;
  for (const auto& row : rows) windows.push_back(&row);
  closing.flags = flag_counts(windows);
  closing.violations = violation_lines(rows);
  closing.failures = failure_lines(rows);
  closing.floor = noise_floor(rows);
  closing.wall_s = wall_s;
  closing.measured_s = measured_s;
  read_null(closing, rows);
  read_sampling_cost(closing, rows);
  return closing;
}

std::string closing_text(const Closing& closing) {
  std::string text;
  const auto say = [&](const std::string& line) { text += line + "\n"; };
  for (const auto& line : closing.violations) say("VIOLATED  " + line);
  for (const auto& line : closing.failures) say("FAILED  " + line);
  if (closing.floor.blocks > 0) say(floor_text(closing));
  if (closing.precision) say(precision_text(*closing.precision));
  for (const auto& row : closing.service_levels) say(level_text(row));
  if (closing.sampling_ratio) say(sampling_text(closing));
  if (closing.null_ns_per_op) {
    say(fmt::format("harness: null takes {:.2f} ns of CPU time an operation on {} thread{}",
                    *closing.null_ns_per_op, closing.null_threads,
                    closing.null_threads == 1 ? "" : "s"));
  }
  std::string invalid;
  for (const auto& [reason, count] : closing.invalid_reasons) {
    invalid += fmt::format("{}{} x {}", invalid.empty() ? "; not: " : ", ", count, reason);
  }
  say(fmt::format("{} of {} windows valid ({:.1f} %){}", closing.valid_windows, closing.windows,
                  closing.windows == 0 ? 0.0
                                       : 100.0 * static_cast<double>(closing.valid_windows) /
                                             static_cast<double>(closing.windows),
                  invalid));
  std::string flagged;
  for (const auto& [flag, count] : closing.flags) {
    flagged += fmt::format("{}{} x {}", flagged.empty() ? "" : ", ", count, flag);
  }
  if (closing.multimodal_cases > 0) {
    flagged += fmt::format("{}{} case{} multimodal", flagged.empty() ? "" : ", ",
                           closing.multimodal_cases, closing.multimodal_cases == 1 ? "" : "s");
  }
  if (!flagged.empty()) say("flagged, but valid: " + flagged);
  say(fmt::format("{} in all, {:.0f} % of it orchestration (start-up, prefill, probes, gaps)",
                  duration_text(closing.wall_s), 100 * closing.orchestration_share()));
  return text;
}

nlohmann::json to_json(const Closing& closing) {
  const auto cell = [](const Cell& value) {
    return value ? nlohmann::json(*value) : nlohmann::json();
  };
  const auto& interval = closing.floor.interval;
  Cell sampling;
  Cell sampling_low;
  Cell sampling_high;
  if (closing.sampling_ratio) {
    sampling = closing.sampling_ratio->value;
    if (const auto& ends = closing.sampling_ratio->interval) {
      sampling_low = ends->low;
      sampling_high = ends->high;
    }
  }
  return {{"windows", closing.windows},
          {"valid_windows", closing.valid_windows},
          {"invalid_reasons", closing.invalid_reasons},
          {"flags", closing.flags},
          {"multimodal_cases", closing.multimodal_cases},
          {"violations", closing.violations},
          {"failures", closing.failures},
          {"wall_s", closing.wall_s},
          {"measured_s", closing.measured_s},
          {"orchestration_share", closing.orchestration_share()},
          {"sample_every", closing.sample_every},
          {"sampling_ratio", cell(sampling)},
          {"sampling_ratio_low", cell(sampling_low)},
          {"sampling_ratio_high", cell(sampling_high)},
          {"null_ns_per_op", cell(closing.null_ns_per_op)},
          {"null_threads", closing.null_threads},
          {"twin_strategy", closing.twin},
          {"twin_blocks", closing.floor.blocks},
          {"twin_ratio", closing.floor.ratio},
          {"twin_ratio_low", interval ? nlohmann::json(interval->low) : nlohmann::json()},
          {"twin_ratio_high", interval ? nlohmann::json(interval->high) : nlohmann::json()},
          {"twin_typical_half_width", cell(closing.floor.typical_half_width)},
          {"precision", to_json(closing.precision)}};
}

}  // namespace lockbench
