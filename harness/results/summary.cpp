#include "harness/results/summary.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "harness/metrics/flags.hpp"
#include "harness/metrics/modality.hpp"
#include "harness/metrics/statistics.hpp"
#include "harness/workloads/catalogue.hpp"

namespace lockbench {
namespace {

Cell quotient(const Cell& dividend, const Cell& divisor) {
  return dividend && divisor && *divisor > 0 ? Cell(*dividend / *divisor) : Cell();
}

/// The reason that readers must know of. A failure of the strategy comes before one of the
/// measurement, which counts only where no window is valid.
Validity problem_of(const Windows& windows) {
  using enum Invalid;
  for (const auto failure : {violated, crashed, hung, not_measured}) {
    for (const auto* window : windows) {
      if (window->validity.find(failure) != nullptr) return window->validity;
    }
  }
  const bool any_valid =
      std::ranges::any_of(windows, [](const auto* window) { return window->valid(); });
  return any_valid ? Validity() : windows.front()->validity;
}

/// How the throughputs of the valid windows are spread, within processes and over them.
void describe_spread(SummaryRow& row, const ByProcess& processes) {
  std::vector<double> of_all;
  std::vector<std::vector<double>> logs;
  for (const auto& [process, windows] : processes) {
    auto& of_process = logs.emplace_back();
    for (const auto* window : windows) {
      const auto throughput = (*window)["throughput_ops_s"_figure].value_or(0);
      if (throughput <= 0) continue;
      of_all.push_back(throughput);
      of_process.push_back(std::log(throughput));
    }
  }
  row["throughput_icc"_summary] = intraclass_correlation(logs);
  row.multimodal = is_multimodal(of_all);
}

/// One figure of a case, as its line in the table says.
Cell summarised(const Figure& figure, const Case& group, const LatencyDigest& latencies) {
  const auto index = static_cast<FigureIndex>(&figure - window_figures.data());
  const double scale = figure.summary.scale;
  const auto divisor =
      figure.summary.how == Summarised::per_second ? "duration_s"_figure : "operations"_figure;
  switch (figure.summary.how) {
    case Summarised::no: return {};
    case Summarised::median: return median_of(medians_of(group.valid, index));
    case Summarised::sampled_median: return median_of(medians_of(group.sampled, index));
    case Summarised::per_operation:
    case Summarised::per_second:
      return median_of(medians_of(group.valid, [=](const WindowRow& window) {
        const auto& value = window[index];
        return quotient(value ? Cell(*value * scale) : Cell(), window[divisor]);
      }));
    case Summarised::merged:
      return figure.read.of_histogram(latencies.find(group.any->case_id, figure.read.kind));
  }
  return {};
}

/// The figures that only a whole case has.
void fill_figures_of_case(SummaryRow& row, const Case& group, const LatencyDigest& latencies) {
  const auto throughputs = values_of(medians_of(group.valid, "throughput_ops_s"_figure));
  if (const auto interval = median_with_interval(throughputs).interval) {
    row["throughput_low_ops_s"_summary] = interval->low;
    row["throughput_high_ops_s"_summary] = interval->high;
  }
  row["throughput_cv"_summary] = coefficient_of_variation(throughputs);
  describe_spread(row, group.valid);
  row["empty_take_share"_summary] = median_of(medians_of(group.valid, [](const WindowRow& window) {
    const auto empty = window["empty_takes"_figure].value_or(0);
    return quotient(empty, window["takes"_figure].value_or(0) + empty);
  }));
  const auto distances = line_distances(group);
  if (distances) {
    row["line_roundtrip_low_ns"_summary] = distances->low;
    row["line_roundtrip_high_ns"_summary] = distances->high;
  }
  row.several_regimes = is_several_regimes(distances);
  if (const auto* const handoff = latencies.find(row.case_id, LatencyKind::handoff)) {
    row["handoff_p50_ns"_summary] = handoff->quantile_ns(0.5);
    row["handoff_p99_ns"_summary] = handoff->quantile_ns(0.99);
  }
}

/// What is timed in the case, and has too few samples for a p99.
std::optional<FewSamples> few_samples(const Case& group, const LatencyDigest& latencies) {
  const auto few = [&](LatencyKind kind) -> std::optional<FewSamples> {
    const auto* const histogram = latencies.find(group.any->case_id, kind);
    const auto samples = histogram == nullptr ? 0 : histogram->count();
    return samples < fewest_samples_of_p99 ? std::optional(FewSamples{kind, samples})
                                           : std::nullopt;
  };
  using enum LatencyKind;
  if (group.any->point.load > 0) return few(sojourn);
  if (latencies.find(group.any->case_id, handoff) != nullptr) {
    if (const auto found = few(handoff)) return found;
  }
  return group.sampled.empty() ? std::nullopt : few(all);
}

/// What the harness took of the case's CPU time, where `null` ran in the same processes. Work is what
/// the user asked for, so it is no part of the harness; but it is a part of the operations.
Cell harness_share(const Case& group, const Case& null) {
  const auto own = medians_of(null.valid, [](const WindowRow& window) {
    return quotient(window["overhead_s"_figure], window["operations"_figure]);
  });
  ProcessMedians shares;
  for (const auto& [process, whole] : medians_of(group.valid, [](const WindowRow& window) {
         return quotient(window["cpu_s"_figure], window["operations"_figure]);
       })) {
    const auto partner = own.find(process);
    // Of long work the calibration may leave less than nothing.
    if (partner != own.end() && whole > 0) shares[process] = std::max(0.0, partner->second) / whole;
  }
  return median_of(shares);
}

void compare_with_null(SummaryRow& row, const Cases& cases, const Case& group) {
  constexpr const char* null = "null";
  const auto found = cases.find({group.any->point, null, false});
  if (found == cases.end() || row.strategy == null || workload_named(row.point.workload).paced) {
    return;
  }
  auto& share = row["harness_share"_summary];
  share = harness_share(group, found->second);
  row.harness_bound = share && *share > most_harness_share;
}

std::string counted_flags(const Windows& windows) {
  std::string text;
  for (const auto& [flag, count] : flag_counts(windows)) {
    text += fmt::format("{}{} x {}", text.empty() ? "" : "; ", flag, count);
  }
  return text;
}

/// Each machine once, in the order in which the windows were measured.
std::string machines_of(const Windows& windows) {
  std::vector<std::string_view> machines;
  for (const auto* window : windows) {
    if (std::ranges::count(machines, window->machine) == 0) machines.push_back(window->machine);
  }
  return fmt::format("{}", fmt::join(machines, "; "));
}

SummaryRow summary_of(const Case& group, const LatencyDigest& latencies) {
  const auto& any = *group.any;
  SummaryRow row{.case_id = any.case_id,
                 .block_id = any.block_id,
                 .strategy = any.strategy,
                 .ordering = any.ordering,
                 .point = any.point,
                 .twin = any.twin,
                 .oversubscribed = any.oversubscribed,
                 .processes = static_cast<std::uint32_t>(group.valid.size()),
                 .windows = static_cast<std::uint32_t>(group.windows.size()),
                 .window_s = any.window_s,
                 .problem = problem_of(group.windows),
                 .flags = {},
                 .machine_kind = any.machine_kind,
                 .machine = machines_of(group.windows)};
  row.valid_windows = static_cast<std::uint32_t>(
      std::ranges::count_if(group.windows, [](const auto* window) { return window->valid(); }));
  if (medians_of(group.valid, "throughput_ops_s"_figure).empty()) return row;
  row.has_critical_section = any.has_critical_section;
  row.flags = counted_flags(group.windows);
  for (const auto* window : group.windows) {
    row.sample_every = std::max(row.sample_every, window->sample_every);
  }
  for (std::size_t i = 0; i < summary_figures.size(); ++i) {
    const auto* const source = summary_figures[i].source;
    if (source != nullptr) row.values[i] = summarised(*source, group, latencies);
  }
  fill_figures_of_case(row, group, latencies);
  row.few_samples = few_samples(group, latencies);
  return row;
}

}  // namespace

FlagCounts flag_counts(std::span<const WindowRow* const> windows) {
  FlagCounts counts;
  for (const auto* window : windows) {
    if (!window->valid()) continue;
    std::istringstream flags(window->flags);
    for (std::string flag; std::getline(flags, flag, ';');) ++counts[flag];
  }
  return counts;
}

std::vector<SummaryRow> summarise(std::span<const WindowRow> rows, const LatencyDigest& latencies) {
  return summarise(cases_of(rows), latencies);
}

std::vector<SummaryRow> summarise(const Cases& cases, const LatencyDigest& latencies) {
  std::vector<SummaryRow> summary;
  for (const auto& [key, group] : cases) {
    summary.push_back(summary_of(group, latencies));
    compare_with_null(summary.back(), cases, group);
  }
  return summary;
}

const Columns<SummaryRow>& summary_columns() {
  using Row = SummaryRow;
  static const auto columns = [] {
    return Columns<Row>("summary.csv", Digits::four)
        .add(&Row::case_id, "case_id", "", "strategy and parameter point")
        .add(&Row::block_id, "block_id", "", "parameter point")
        .add(&Row::strategy, "strategy", "", "as in `bench list`")
        .add(&Row::ordering, "ordering", "", "order in which it hands out tasks")
        .add(&Row::twin, "twin", "flag", "1 = second label of the same strategy (A/A)")
        .add(&Row::oversubscribed, "oversubscribed", "flag", "1 = more threads than usable CPUs")
        .add(&Row::processes, "processes", "processes",
             "with at least one valid window: the n of the medians")
        .add(&Row::windows, "windows", "windows", "in all")
        .add(&Row::valid_windows, "valid_windows", "windows", "that count")
        .add(&Row::sample_every, "sample_every", "operations",
             "one operation in so many was timed, at random, in windows of their own; 0 = none")
        .add(&Row::has_critical_section, "has_critical_section", "flag",
             "1 = critical-section work is done under a lock; where such work is asked for, only "
             "these are ranked")
        .add(&Row::several_regimes, "several_regimes", "flag",
             "1 = the round trip differed by more than 1.6 × between processes: the median mixes "
             "several machines")
        .add(&Row::multimodal, "multimodal", "flag",
             "1 = the throughputs of the valid windows have several modes: their dip (Hartigan & "
             "Hartigan 1985) is beyond that of 99 % of uniform samples of as many values. Windows "
             "of one process hang together, so this is a description and no test: it also flags "
             "processes that each keep a level of their own. 0 below 8 windows")
        .add({{"problem", "",
               "why windows or the whole case were lost: a violation, crash or hang even where "
               "other windows are valid, any other reason only where none is",
               "nothing went wrong"},
              false,
              [](const Row& row) { return row.problem.text(); },
              {}})
        .add(&Row::flags, "flags", "",
             "flags of the valid windows, sampled ones included, each with how many carry it: "
             "`drained x 24; stolen x 3`",
             "none carries any")
        .add_parameters()
        .add_figures(summary_figures)
        .add(&Row::harness_bound, "harness_bound", "flag",
             "1 = `harness_share` is above 0.3: what differs between strategies is hidden behind "
             "what is the same for all")
        .add(&Row::machine_kind, "machine_kind", "", meaning_of_machine_kind)
        .add(&Row::machine, "machine", "",
             "as in `trials.csv`; several, joined by `; `, where another machine of its kind went "
             "on with the run");
  }();
  return columns;
}

}  // namespace lockbench
