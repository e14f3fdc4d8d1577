#include "harness/recorder/summary.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <tuple>

#include "harness/plan/catalogue.hpp"
#include "harness/recorder/column.hpp"

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
  ByProcess valid;
};

auto point_key(const CaseParameters& point) {
  return std::make_tuple(point.workload, point.threads, point.producers, point.consumers,
                         point.read_ratio, point.priorities, point.prefill, point.payload_bytes,
                         point.capacity, point.pinning);
}
using PointKey = decltype(point_key(CaseParameters{}));
using CaseKey = std::tuple<PointKey, std::string, bool>;

std::map<CaseKey, Case> group(std::span<const WindowRow> rows) {
  std::map<CaseKey, Case> cases;
  for (const auto& row : rows) {
    auto& group = cases[{point_key(row.point), row.strategy, row.twin}];
    group.any = &row;
    group.windows.push_back(&row);
    if (row.valid) group.valid[row.process].push_back(&row);
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

SummaryRow summary_of(const Case& group) {
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
  const auto throughput = median_with_interval(throughputs);
  row.throughput_ops_s = throughput.value;
  if (throughput.interval) {
    row.throughput_low_ops_s = throughput.interval->low;
    row.throughput_high_ops_s = throughput.interval->high;
  }
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

/// Only what keeps the whole contract competes: `null` does nothing, and `unsafe` may be fast
/// because it is wrong, even in a window that happened to come out right.
bool can_be_ranked(const std::string& strategy) {
  static const auto catalogue = strategy_catalogue();
  const auto known = std::ranges::find(catalogue, strategy, &StrategyTraits::name);
  return known == catalogue.end() || known->conformance == Conformance::full;
}

std::map<PointKey, Point> points_of(const std::map<CaseKey, Case>& cases) {
  std::map<PointKey, Point> points;
  for (const auto& [key, group] : cases) {
    const auto& [point, strategy, twin] = key;
    if (!twin && can_be_ranked(strategy)) points[point].cases.push_back(&group);
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
using P = CaseParameters;
using column::member;
using column::parameter;

template <class Row>
constexpr column::Column<Row> version_column{
    {"schema_version", "", "Version of this list of columns"},
    [](const Row&) { return fmt::format("{}", trials_schema_version); }};

/// The parameters, which both files repeat.
template <class Row>
constexpr std::array parameter_columns{
    parameter<Row, &P::workload>("workload", "", "What the threads did to the queue"),
    parameter<Row, &P::threads>("threads", "threads", "Size of the team"),
    parameter<Row, &P::producers>("producers", "threads", "Adding threads"),
    parameter<Row, &P::consumers>("consumers", "threads", "Taking threads"),
    parameter<Row, &P::read_ratio>("read_ratio", "share", "Probability that an operation reads"),
    parameter<Row, &P::priorities>("priorities", "levels", "Priorities drawn uniformly"),
    parameter<Row, &P::prefill>("prefill", "tasks", "Tasks queued before each window"),
    parameter<Row, &P::payload_bytes>("payload_bytes", "bytes", "Payload copied in by add_task"),
    parameter<Row, &P::capacity>("capacity", "tasks", "Bound on the tasks the queue knows"),
    parameter<Row, &P::pinning>("pinning", "", "Placement of threads"),
};

template <class T, std::size_t... Sizes>
constexpr auto concatenated(const std::array<T, Sizes>&... parts) {
  std::array<T, (Sizes + ...)> all{};
  std::size_t next = 0;
  ((std::copy(parts.begin(), parts.end(), all.begin() + next), next += Sizes), ...);
  return all;
}

constexpr auto summary_file = concatenated(
    std::array{version_column<S>,
               member<&S::case_id>("case_id", "", "Strategy and parameter point"),
               member<&S::block_id>("block_id", "", "Parameter point"),
               member<&S::strategy>("strategy", "", "Strategy, as in `bench list`"),
               member<&S::ordering>("ordering", "", "The order in which it hands out tasks")},
    parameter_columns<S>,
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
        member<&S::problem>("problem", "", "Why windows or the case were lost; empty when fine")});

constexpr auto comparison_file = concatenated(
    std::array{version_column<C>, member<&C::block_id>("block_id", "", "Parameter point")},
    parameter_columns<C>,
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

template <class Columns>
constexpr auto descriptions_of(const Columns& columns) {
  std::array<ColumnDescription, std::tuple_size_v<Columns>> list{};
  for (std::size_t i = 0; i < columns.size(); ++i) list[i] = columns[i].description;
  return list;
}
constexpr auto summary_descriptions = descriptions_of(summary_file);
constexpr auto comparison_descriptions = descriptions_of(comparison_file);

}  // namespace

std::vector<SummaryRow> summarise(std::span<const WindowRow> rows) {
  std::vector<SummaryRow> summary;
  for (const auto& [key, group] : group(rows)) summary.push_back(summary_of(group));
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
