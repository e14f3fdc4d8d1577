#include "harness/results/summary.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <tuple>

#include "harness/base/parameter_list.hpp"
#include "harness/metrics/latency_kind.hpp"
#include "harness/metrics/modality.hpp"
#include "harness/plan/catalogue.hpp"
#include "harness/results/column.hpp"
#include "harness/results/concatenated.hpp"

namespace lockbench {
namespace {

/// Distances between CPUs of one placement differ by a factor of about two or more from one regime
/// to the next (SMT siblings, one last-level cache, across chiplets).
constexpr double regime_factor = 1.6;

using Windows = std::vector<const WindowRow*>;
using ByProcess = std::map<std::uint32_t, Windows>;

/// All windows of one case.
struct Case {
  const WindowRow* any = nullptr;
  Windows windows;
  ByProcess valid;    ///< nothing was timed in them, unless the case has no other windows
  ByProcess sampled;  ///< valid, and operations were timed in them
};

using PointKey = CaseParameters;
using CaseKey = std::tuple<PointKey, std::string, bool>;

std::map<CaseKey, Case> group(std::span<const WindowRow> rows) {
  std::map<CaseKey, Case> cases;
  for (const auto& row : rows) {
    auto& group = cases[{row.point, row.strategy, row.twin}];
    group.any = &row;
    group.windows.push_back(&row);
    if (row.valid) {
      (row.sample_every == 0 ? group.valid : group.sampled)[row.process].push_back(&row);
    }
  }
  for (auto& [key, group] : cases) {
    if (group.valid.empty()) group.valid = group.sampled;
  }
  return cases;
}

using Figure = std::function<Cell(const WindowRow&)>;

/// One value a process: the median over its windows that have the figure.
std::map<std::uint32_t, double> per_process(const ByProcess& processes, const Figure& figure) {
  std::map<std::uint32_t, double> values;
  for (const auto& [process, windows] : processes) {
    std::vector<double> of_windows;
    for (const auto* window : windows) {
      if (const auto value = figure(*window)) of_windows.push_back(*value);
    }
    if (!of_windows.empty()) values[process] = median(of_windows);
  }
  return values;
}

std::vector<double> values_of(const std::map<std::uint32_t, double>& by_process) {
  std::vector<double> values;
  for (const auto& [process, value] : by_process) values.push_back(value);
  return values;
}

Cell median_of(const ByProcess& processes, const Figure& figure) {
  const auto values = values_of(per_process(processes, figure));
  return values.empty() ? Cell() : Cell(median(values));
}

Cell quotient(double dividend, double divisor) {
  return divisor > 0 ? Cell(dividend / divisor) : Cell();
}

/// What a reader must know of a case's lost windows: a failure of the strategy before one of the
/// measurement, which `valid_windows` shows already.
std::string problem_of(const Windows& windows) {
  for (const auto* prefix : {"violated", "crashed", "hung", "not measured", ""}) {
    for (const auto* window : windows) {
      if (window->valid || !window->invalid_reason.starts_with(prefix)) continue;
      if (*prefix != '\0' || std::none_of(windows.begin(), windows.end(),
                                          [](const auto* other) { return other->valid; })) {
        return window->invalid_reason;
      }
    }
  }
  return "";
}

/// How the throughputs of the valid windows are spread, within processes and over them.
void describe_spread(SummaryRow& row, const ByProcess& processes) {
  std::vector<double> of_all;
  std::vector<std::vector<double>> logs;
  for (const auto& [process, windows] : processes) {
    auto& of_process = logs.emplace_back();
    for (const auto* window : windows) {
      if (!window->throughput_ops_s || *window->throughput_ops_s <= 0) continue;
      of_all.push_back(*window->throughput_ops_s);
      of_process.push_back(std::log(*window->throughput_ops_s));
    }
  }
  row.throughput_icc = intraclass_correlation(logs);
  row.multimodal = is_multimodal(of_all);
}

/// Figures of the windows in which operations were timed, and of `open_loop`'s tasks.
void describe_latency(SummaryRow& row, const Case& group, const LatencyDigest& latencies) {
  for (const auto* window : group.windows) {
    row.sample_every = std::max(row.sample_every, window->sample_every);
  }
  row.latency = quantiles_of(latencies.find(row.case_id, all_operations_kind));
  const auto* const sojourn = latencies.find(row.case_id, to_string(LatencyKind::sojourn));
  row.sojourn = quantiles_of(sojourn);
  row.sojourn_mean_ns = mean_of(sojourn);
  row.service_mean_ns = mean_of(latencies.find(row.case_id, to_string(LatencyKind::service)));
  if (const auto* const handoff = latencies.find(row.case_id, to_string(LatencyKind::handoff))) {
    row.handoff_p50_ns = handoff->quantile_ns(0.5);
    row.handoff_p99_ns = handoff->quantile_ns(0.99);
  }
  row.longest_gap_s =
      median_of(group.sampled, [](const WindowRow& window) { return window.longest_gap_s; });
}

std::string counted_flags(const Windows& windows) {
  std::string text;
  for (const auto& [flag, count] : flag_counts(windows)) {
    text += fmt::format("{}{} x {}", text.empty() ? "" : "; ", flag, count);
  }
  return text;
}

SummaryRow summary_of(const Case& group, const LatencyDigest& latencies) {
  SummaryRow row;
  row.case_id = group.any->case_id;
  row.block_id = group.any->block_id;
  row.strategy = group.any->strategy;
  row.ordering = group.any->ordering;
  row.point = group.any->point;
  row.twin = group.any->twin;
  row.oversubscribed = group.any->oversubscribed;
  row.processes = static_cast<std::uint32_t>(group.valid.size());
  row.windows = static_cast<std::uint32_t>(group.windows.size());
  row.valid_windows =
      static_cast<std::uint32_t>(std::count_if(group.windows.begin(), group.windows.end(),
                                               [](const auto* window) { return window->valid; }));
  row.problem = problem_of(group.windows);

  const auto throughputs = values_of(
      per_process(group.valid, [](const WindowRow& window) { return window.throughput_ops_s; }));
  if (throughputs.empty()) return row;
  describe_latency(row, group, latencies);
  const auto throughput = median_with_interval(throughputs);
  row.throughput_ops_s = throughput.value;
  if (throughput.interval) {
    row.throughput_low_ops_s = throughput.interval->low;
    row.throughput_high_ops_s = throughput.interval->high;
  }
  row.throughput_cv = coefficient_of_variation(throughputs);
  describe_spread(row, group.valid);
  const auto median_figure = [&](const Figure& figure) { return median_of(group.valid, figure); };
  row.fairness_jain = median_figure([](const WindowRow& window) { return window.fairness_jain; });
  row.min_thread_share =
      median_figure([](const WindowRow& window) { return window.min_thread_share; });
  row.cpu_s_per_mop = median_figure([](const WindowRow& window) -> Cell {
    if (!window.cpu_s) return {};
    return quotient(*window.cpu_s * 1e6, static_cast<double>(window.operations));
  });
  row.voluntary_switches_per_kop = median_figure([](const WindowRow& window) -> Cell {
    if (!window.voluntary_switches) return {};
    return quotient(*window.voluntary_switches * 1e3, static_cast<double>(window.operations));
  });
  row.empty_take_share = median_figure([](const WindowRow& window) -> Cell {
    const auto empty = static_cast<double>(window.empty_takes);
    return quotient(empty, static_cast<double>(window.takes) + empty);
  });
  const auto per_second = [](std::uint64_t count, const WindowRow& window) {
    return window.duration_s ? quotient(static_cast<double>(count), *window.duration_s) : Cell();
  };
  row.reads_s =
      median_figure([&](const WindowRow& window) { return per_second(window.reads, window); });
  row.writes_s =
      median_figure([&](const WindowRow& window) { return per_second(window.writes, window); });
  row.max_thread_share =
      median_figure([](const WindowRow& window) { return window.max_thread_share; });
  row.overhead_ns_per_op = median_figure([](const WindowRow& window) -> Cell {
    if (!window.overhead_s) return {};
    return quotient(*window.overhead_s * 1e9, static_cast<double>(window.operations));
  });
  const auto per_operation = [&](Cell WindowRow::*count, double scale) {
    return median_figure([count, scale](const WindowRow& window) -> Cell {
      if (!(window.*count)) return {};
      return quotient(*(window.*count) * scale, static_cast<double>(window.operations));
    });
  };
  row.cycles_per_op = per_operation(&WindowRow::cycles, 1);
  row.instructions_per_op = per_operation(&WindowRow::instructions, 1);
  row.cache_misses_per_op = per_operation(&WindowRow::cache_misses, 1);
  row.futex_calls_per_kop = per_operation(&WindowRow::futex_calls, 1e3);
  row.migrations_per_kop = per_operation(&WindowRow::migrations, 1e3);
  row.peak_memory_bytes =
      median_of(group.sampled, [](const WindowRow& window) { return window.peak_memory_bytes; });
  row.flags = counted_flags(group.windows);
  row.wake_up_us = median_figure([](const WindowRow& window) { return window.wake_up_us; });
  row.offered_tasks_s =
      median_figure([](const WindowRow& window) { return window.offered_tasks_s; });
  row.capacity_tasks_s =
      median_figure([](const WindowRow& window) { return window.capacity_tasks_s; });
  row.has_critical_section = group.any->has_critical_section;
  row.spin_loop_ns = median_figure([](const WindowRow& window) { return window.spin_loop_ns; });
  const auto distances = values_of(
      per_process(group.valid, [](const WindowRow& window) { return window.line_roundtrip_ns; }));
  if (!distances.empty()) {
    const auto [low, high] = std::minmax_element(distances.begin(), distances.end());
    row.line_roundtrip_ns = median(distances);
    row.line_roundtrip_low_ns = *low;
    row.line_roundtrip_high_ns = *high;
    row.several_regimes = *high > regime_factor * *low;
  }
  return row;
}

std::map<std::uint32_t, double> throughputs_of(const Case& group) {
  return per_process(group.valid, [](const WindowRow& window) { return window.throughput_ops_s; });
}

/// Differences of logarithms in the processes that both cases share.
std::vector<double> paired_logs(const Case& one, const Case& other) {
  const auto of_one = throughputs_of(one);
  const auto of_other = throughputs_of(other);
  std::vector<double> differences;
  for (const auto& [process, value] : of_one) {
    const auto partner = of_other.find(process);
    if (partner == of_other.end() || value <= 0 || partner->second <= 0) continue;
    differences.push_back(std::log(value / partner->second));
  }
  return differences;
}

std::optional<ComparisonRow> comparison_of(const Case& winner, const Case& runner_up,
                                           const std::string& scope) {
  const auto differences = paired_logs(winner, runner_up);
  if (differences.empty()) return std::nullopt;
  const auto estimate = paired_difference(differences);
  ComparisonRow row;
  row.block_id = winner.any->block_id;
  row.point = winner.any->point;
  row.oversubscribed = winner.any->oversubscribed;
  row.scope = scope;
  row.winner = winner.any->strategy;
  row.winner_ordering = winner.any->ordering;
  row.runner_up = runner_up.any->strategy;
  row.runner_up_ordering = runner_up.any->ordering;
  row.ratio = std::exp(estimate.value);
  row.processes = static_cast<std::uint32_t>(differences.size());
  if (estimate.interval) {
    row.ratio_low = std::exp(estimate.interval->low);
    row.ratio_high = std::exp(estimate.interval->high);
    // Judged as it is written: an end that rounds to 1.000 is not beyond 1.
    const auto to_three_places = [](double ratio) { return std::round(ratio * 1000) / 1000; };
    row.tie =
        Interval{to_three_places(*row.ratio_low), to_three_places(*row.ratio_high)}.contains(1);
  }
  return row;
}

/// The cases of one parameter point.
struct Point {
  std::vector<const Case*> cases;                          ///< first labels that can be ranked
  std::vector<std::pair<const Case*, const Case*>> twins;  ///< first and second label
};

/// What breaks its contract has no place among what keeps it; nor what does no critical-section work
/// among what does; and in an open loop each strategy was offered a share of its own capacity, so
/// its throughput is none of its merit.
bool can_be_ranked(const Case& group) {
  const auto& row = *group.any;
  return keeps_whole_contract(row.strategy) && row.point.load == 0 &&
         (row.point.critical_section_ns == 0 || row.has_critical_section);
}

std::map<PointKey, Point> points_of(const std::map<CaseKey, Case>& cases) {
  std::map<PointKey, Point> points;
  for (const auto& [key, group] : cases) {
    const auto& [point, strategy, twin] = key;
    if (!twin && can_be_ranked(group)) points[point].cases.push_back(&group);
    if (!twin) continue;
    const auto first = cases.find({point, strategy, false});
    if (first != cases.end()) points[point].twins.emplace_back(&first->second, &group);
  }
  return points;
}

std::optional<ComparisonRow> best_two(const std::vector<const Case*>& cases,
                                      const std::string& scope) {
  std::vector<std::pair<double, const Case*>> ranked;
  for (const auto* candidate : cases) {
    const auto throughputs = values_of(throughputs_of(*candidate));
    if (!throughputs.empty()) ranked.emplace_back(median(throughputs), candidate);
  }
  if (ranked.size() < 2) return std::nullopt;
  std::sort(ranked.begin(), ranked.end(), [](const auto& one, const auto& other) {
    return std::tie(other.first, one.second->any->strategy) <
           std::tie(one.first, other.second->any->strategy);
  });
  // Medians rank; pairs decide. Where they disagree on the order, the pairs are right.
  auto comparison = comparison_of(*ranked[0].second, *ranked[1].second, scope);
  return comparison && comparison->ratio < 1
             ? comparison_of(*ranked[1].second, *ranked[0].second, scope)
             : comparison;
}

using S = SummaryRow;
using C = ComparisonRow;
using column::member;
using column::parameter_columns;
using column::version_column;

/// One figure of merged histograms.
template <Quantiles S::*Of, std::size_t index>
constexpr column::Column<S> quantile(std::string_view name, std::string_view meaning) {
  return {{name, "ns", meaning}, [](const S& row) { return column::text((row.*Of).at[index]); }};
}
template <Quantiles S::*Of, Cell Quantiles::*Field>
constexpr column::Column<S> quantiles_field(std::string_view name, std::string_view unit,
                                            std::string_view meaning) {
  return {{name, unit, meaning}, [](const S& row) { return column::text(row.*Of.*Field); }};
}

constexpr std::array latency_columns_of_summary{
    member<&S::sample_every>("sample_every", "operations",
                             "One in so many operations was timed, in windows of their own"),
    quantiles_field<&S::latency, &Quantiles::samples>("latency_samples", "operations",
                                                      "Operations timed, over all processes"),
    quantile<&S::latency, 0>("latency_p50_ns", "Service time of operations, call to return"),
    quantile<&S::latency, 1>("latency_p90_ns", "90 % were shorter"),
    quantile<&S::latency, 2>("latency_p99_ns", "99 % were shorter"),
    quantile<&S::latency, 3>("latency_p99_9_ns", "99.9 % were shorter"),
    quantile<&S::latency, 4>("latency_p99_99_ns", "99.99 % were shorter"),
    quantiles_field<&S::latency, &Quantiles::max_ns>("latency_max_ns", "ns", "The longest"),
    quantiles_field<&S::sojourn, &Quantiles::samples>("sojourn_samples", "tasks",
                                                      "`open_loop`: tasks, over all processes"),
    member<&S::sojourn_mean_ns>("sojourn_mean_ns", "ns", "Intended arrival to completion, mean"),
    quantile<&S::sojourn, 0>("sojourn_p50_ns", "Intended arrival to completion"),
    quantile<&S::sojourn, 1>("sojourn_p90_ns", "90 % were shorter"),
    quantile<&S::sojourn, 2>("sojourn_p99_ns", "99 % were shorter"),
    quantile<&S::sojourn, 3>("sojourn_p99_9_ns", "99.9 % were shorter"),
    quantile<&S::sojourn, 4>("sojourn_p99_99_ns", "99.99 % were shorter"),
    quantiles_field<&S::sojourn, &Quantiles::max_ns>("sojourn_max_ns", "ns", "The longest"),
    member<&S::service_mean_ns>("service_mean_ns", "ns", "Take to completion, mean"),
    member<&S::handoff_p50_ns>("handoff_p50_ns", "ns",
                               "`handoff`: add called to the sleeping consumer's return"),
    member<&S::handoff_p99_ns>("handoff_p99_ns", "ns", "99 % were shorter"),
    member<&S::offered_tasks_s>("offered_tasks_s", "tasks/s", "`open_loop`: intended arrivals"),
    member<&S::capacity_tasks_s>("capacity_tasks_s", "tasks/s",
                                 "`open_loop`: what the strategy completes at most"),
    member<&S::reads_s>("reads_s", "operations/s", "Successful get_status calls a second"),
    member<&S::writes_s>("writes_s", "operations/s", "Successful other calls a second"),
    member<&S::longest_gap_s>("longest_gap_s", "s", "Longest wait of a thread for its turn"),
    member<&S::max_thread_share>("max_thread_share", "share",
                                 "Median of the rows' max_thread_share"),
    member<&S::overhead_ns_per_op>("overhead_ns_per_op", "ns",
                                   "CPU time less calibrated work, for one operation"),
    member<&S::has_critical_section>("has_critical_section", "",
                                     "1 = critical-section work is done under a lock"),
    member<&S::wake_up_us>("wake_up_us", "µs",
                           "Waking a sleeping thread, for strategies that park"),
    member<&S::cycles_per_op>("cycles_per_op", "cycles", "CPU cycles an operation"),
    member<&S::instructions_per_op>("instructions_per_op", "instructions",
                                    "Instructions an operation"),
    member<&S::cache_misses_per_op>("cache_misses_per_op", "misses",
                                    "Misses of the last cache an operation"),
    member<&S::futex_calls_per_kop>("futex_calls_per_kop", "calls / 10^3 operations",
                                    "System calls that sleep and wake"),
    member<&S::migrations_per_kop>("migrations_per_kop", "moves / 10^3 operations",
                                   "Moves of threads to another CPU"),
    member<&S::peak_memory_bytes>("peak_memory_bytes", "bytes",
                                  "Growth of resident memory from before the queue was made to "
                                  "its peak; null's is the harness's own"),
    member<&S::flags>("flags", "", "Flags of the windows that count, each with how many carry it"),
};

constexpr auto summary_file = concatenated(
    std::array{version_column<S>,
               member<&S::case_id>("case_id", "", "Strategy and parameter point"),
               member<&S::block_id>("block_id", "", "Parameter point"),
               member<&S::strategy>("strategy", "", "Strategy, as in `bench list`"),
               member<&S::ordering>("ordering", "", "The order in which it hands out tasks")},
    parameter_columns<S>(parameters::table),
    std::array{
        member<&S::twin>("twin", "", "1 = second label of the same strategy (A/A)"),
        member<&S::oversubscribed>("oversubscribed", "", "1 = more threads than usable CPUs"),
        member<&S::processes>("processes", "processes", "Replicates with a valid window: n"),
        member<&S::windows>("windows", "windows", "Windows in all"),
        member<&S::valid_windows>("valid_windows", "windows", "Windows that count"),
        member<&S::throughput_ops_s>("throughput_ops_s", "operations/s",
                                     "Median over processes of the median over their windows"),
        member<&S::throughput_low_ops_s>("throughput_low_ops_s", "operations/s",
                                         "95 % interval of that median, lower end; empty with "
                                         "fewer than 6 processes"),
        member<&S::throughput_high_ops_s>("throughput_high_ops_s", "operations/s", "Upper end"),
        member<&S::fairness_jain>("fairness_jain", "index", "Median of the rows' fairness_jain"),
        member<&S::min_thread_share>("min_thread_share", "share",
                                     "Median of the rows' min_thread_share"),
        member<&S::empty_take_share>("empty_take_share", "share",
                                     "Takes that found nothing / all tries to take"),
        member<&S::cpu_s_per_mop>("cpu_s_per_mop", "CPU s / 10^6 operations",
                                  "CPU time of the team per million operations"),
        member<&S::voluntary_switches_per_kop>("voluntary_switches_per_kop",
                                               "switches / 10^3 operations",
                                               "Times a thread gave up its CPU to wait"),
        member<&S::line_roundtrip_ns>("line_roundtrip_ns", "ns",
                                      "Cache-line round trip beside the windows, median"),
        member<&S::line_roundtrip_low_ns>("line_roundtrip_low_ns", "ns", "Smallest of a process"),
        member<&S::line_roundtrip_high_ns>("line_roundtrip_high_ns", "ns", "Largest of a process"),
        member<&S::spin_loop_ns>("spin_loop_ns", "ns", "The fixed single-thread loop, median"),
        member<&S::several_regimes>("several_regimes", "",
                                    "1 = the distance between CPUs changed by more than 1.6 x "
                                    "from process to process"),
        member<&S::problem>("problem", "", "Why windows or the case were lost; empty when fine"),
        member<&S::throughput_cv>("throughput_cv", "ratio",
                                  "Standard deviation / mean over processes"),
        member<&S::throughput_icc>("throughput_icc", "ratio",
                                   "ICC(1) of log throughput, windows within processes: the share "
                                   "of their variance between processes; may be negative"),
        member<&S::multimodal>("multimodal", "",
                               "1 = the windows' throughputs come in several heaps (dip beyond 99 "
                               "% of uniform samples, as if windows were independent)")},
    latency_columns_of_summary);

constexpr auto comparison_file = concatenated(
    std::array{version_column<C>, member<&C::block_id>("block_id", "", "Parameter point")},
    parameter_columns<C>(parameters::table),
    std::array{
        member<&C::oversubscribed>("oversubscribed", "", "1 = more threads than usable CPUs"),
        member<&C::scope>("scope", "",
                          "Who was compared: `priority_fifo` = strategies of that ordering, `any` "
                          "= all that keep the contract, `twin` = one strategy under two labels"),
        member<&C::winner>("winner", "", "The better of the two with the highest medians"),
        member<&C::winner_ordering>("winner_ordering", "", "Its ordering"),
        member<&C::runner_up>("runner_up", "", "The other one"),
        member<&C::runner_up_ordering>("runner_up_ordering", "", "Its ordering"),
        member<&C::ratio>("ratio", "ratio", "winner / runner-up, paired within processes"),
        member<&C::ratio_low>("ratio_low", "ratio",
                              "95 % interval, lower end; empty with fewer than 6 processes"),
        member<&C::ratio_high>("ratio_high", "ratio", "Upper end"),
        member<&C::processes>("processes", "processes", "Pairs"),
        member<&C::tie>("tie", "", "1 = the interval contains 1, or is missing")});

constexpr auto summary_descriptions = descriptions_of(summary_file);
constexpr auto comparison_descriptions = descriptions_of(comparison_file);

}  // namespace

FlagCounts flag_counts(std::span<const WindowRow* const> windows) {
  FlagCounts counts;
  for (const auto* window : windows) {
    if (!window->valid) continue;
    std::string_view rest = window->flags;
    while (!rest.empty()) {
      const auto flag = rest.substr(0, rest.find(';'));
      ++counts[std::string(flag)];
      rest.remove_prefix(std::min(flag.size() + 1, rest.size()));
    }
  }
  return counts;
}

std::vector<SummaryRow> summarise(std::span<const WindowRow> rows, const LatencyDigest& latencies) {
  std::vector<SummaryRow> summary;
  for (const auto& [key, group] : group(rows)) summary.push_back(summary_of(group, latencies));
  return summary;
}

std::vector<ComparisonRow> compare(std::span<const WindowRow> rows) {
  const auto cases = group(rows);
  std::vector<ComparisonRow> comparisons;
  const auto keep = [&](std::optional<ComparisonRow> row) {
    if (row) comparisons.push_back(std::move(*row));
  };
  for (const auto& [key, point] : points_of(cases)) {
    std::vector<const Case*> priority_fifo;
    for (const auto* candidate : point.cases) {
      if (candidate->any->ordering == "priority_fifo") priority_fifo.push_back(candidate);
    }
    keep(best_two(priority_fifo, "priority_fifo"));
    keep(best_two(point.cases, "any"));
    for (const auto& [first, second] : point.twins) keep(comparison_of(*first, *second, "twin"));
  }
  return comparisons;
}

NoiseFloor noise_floor(std::span<const WindowRow> rows) {
  NoiseFloor floor;
  const auto cases = group(rows);
  std::vector<double> differences;
  std::vector<double> half_widths;
  for (const auto& [key, point] : points_of(cases)) {
    for (const auto& [first, second] : point.twins) {
      const auto logs = paired_logs(*first, *second);
      if (logs.empty()) continue;
      ++floor.blocks;
      differences.insert(differences.end(), logs.begin(), logs.end());
      if (const auto interval = paired_difference(logs).interval) {
        half_widths.push_back((std::exp(interval->high) - std::exp(interval->low)) / 2);
      }
    }
  }
  if (differences.empty()) return floor;
  const auto estimate = paired_difference(differences);
  floor.ratio = std::exp(estimate.value);
  if (estimate.interval) {
    floor.interval = Interval{std::exp(estimate.interval->low), std::exp(estimate.interval->high)};
  }
  if (!half_widths.empty()) floor.typical_half_width = median(half_widths);
  return floor;
}

std::span<const ColumnDescription> summary_columns() {
  return summary_descriptions;
}
std::span<const ColumnDescription> comparison_columns() {
  return comparison_descriptions;
}

std::string to_csv(std::span<const SummaryRow> rows) {
  return column::file(summary_file, rows);
}
std::string to_csv(std::span<const ComparisonRow> rows) {
  return column::file(comparison_file, rows);
}

}  // namespace lockbench
