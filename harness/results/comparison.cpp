#include "harness/results/comparison.hpp"

#include <cmath>
#include <iterator>
#include <map>
#include <utility>

#include "harness/plan/catalogue.hpp"
#include "harness/results/cases.hpp"

namespace lockbench {
namespace {

ProcessMedians throughputs_of(const Case& group) {
  return medians_of(group.valid, "throughput_ops_s"_figure);
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
  // Pairs of two regimes follow a mixture of two laws, which is not symmetric as the signed-rank
  // interval assumes; that of the sign test assumes nothing.
  const bool mixture =
      is_several_regimes(line_distances(winner)) || is_several_regimes(line_distances(runner_up));
  const auto estimate =
      ratio_of(mixture ? median_with_interval(differences) : paired_difference(differences));
  ComparisonRow row;
  row.block_id = winner.any->block_id;
  row.point = winner.any->point;
  row.oversubscribed = winner.any->oversubscribed;
  row.scope = scope;
  row.winner = winner.any->strategy;
  row.winner_ordering = winner.any->ordering;
  row.runner_up = runner_up.any->strategy;
  row.runner_up_ordering = runner_up.any->ordering;
  row.ratio = estimate.value;
  row.interval = mixture ? "sign" : "signed_rank";
  row.processes = static_cast<std::uint32_t>(differences.size());
  if (estimate.interval) {
    row.ratio_low = estimate.interval->low;
    row.ratio_high = estimate.interval->high;
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

/// A strategy that breaks its contract is not ranked among those that keep it, nor one that does no
/// critical-section work among those that do. In an open loop each strategy is offered a share of its
/// own capacity, so its throughput says nothing about its speed.
bool can_be_ranked(const Case& group) {
  const auto& row = *group.any;
  return keeps_whole_contract(row.strategy) && row.point.load == 0 &&
         (row.point.critical_section_ns == 0 || row.has_critical_section);
}

std::map<CaseParameters, Point> points_of(const Cases& cases) {
  std::map<CaseParameters, Point> points;
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
  std::map<std::pair<double, std::string>, const Case*> ranked;  // the fastest first
  for (const auto* candidate : cases) {
    const auto throughput = median_of(throughputs_of(*candidate));
    if (throughput) ranked[{-*throughput, candidate->any->strategy}] = candidate;
  }
  if (ranked.size() < 2) return std::nullopt;
  const auto& first = *ranked.begin()->second;
  const auto& second = *std::next(ranked.begin())->second;
  // Medians rank; pairs decide. Where they disagree on the order, the pairs are right.
  auto comparison = comparison_of(first, second, scope);
  return comparison && comparison->ratio < 1 ? comparison_of(second, first, scope) : comparison;
}

}  // namespace

Estimate ratio_of(const Estimate& logarithm) {
  Estimate ratio{std::exp(logarithm.value), std::nullopt};
  if (const auto& ends = logarithm.interval) {
    ratio.interval = Interval{std::exp(ends->low), std::exp(ends->high)};
  }
  return ratio;
}

std::vector<ComparisonRow> compare(std::span<const WindowRow> rows) {
  const auto cases = cases_of(rows);
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
  const auto cases = cases_of(rows);
  std::vector<double> differences;
  std::vector<double> half_widths;
  for (const auto& [key, point] : points_of(cases)) {
    for (const auto& [first, second] : point.twins) {
      const auto logs = paired_logs(*first, *second);
      if (logs.empty()) continue;
      ++floor.blocks;
      differences.insert(differences.end(), logs.begin(), logs.end());
      if (const auto interval = ratio_of(paired_difference(logs)).interval) {
        half_widths.push_back((interval->high - interval->low) / 2);
      }
    }
  }
  if (differences.empty()) return floor;
  const auto estimate = ratio_of(paired_difference(differences));
  floor.ratio = estimate.value;
  floor.interval = estimate.interval;
  if (!half_widths.empty()) floor.typical_half_width = median(half_widths);
  return floor;
}

const Columns<ComparisonRow>& comparison_columns() {
  using Row = ComparisonRow;
  static const auto columns = [] {
    constexpr auto no_interval = "fewer than 6 processes";
    return Columns<Row>("comparisons.csv", Digits::four)
        .add(&Row::block_id, "block_id", "", "parameter point")
        .add_parameters()
        .add(&Row::oversubscribed, "oversubscribed", "flag", "1 = more threads than usable CPUs")
        .add(&Row::scope, "scope", "",
             "who was compared: `priority_fifo` only strategies of that ordering; `any` all that "
             "keep the whole contract, whatever their ordering (not `null`, not `unsafe`); `twin` "
             "one strategy under two labels, the A/A floor")
        .add(&Row::winner, "winner", "",
             "the faster, by their pairs, of the two with the highest medians; in "
             "scope `twin` the strategy itself")
        .add(&Row::winner_ordering, "winner_ordering", "", "its ordering")
        .add(&Row::runner_up, "runner_up", "", "second highest")
        .add(&Row::runner_up_ordering, "runner_up_ordering", "", "its ordering")
        .add(&Row::ratio, "ratio", "ratio",
             "throughput of the winner / of the runner-up, paired within processes: 1.12 = 12 % "
             "faster")
        .add(&Row::ratio_low, "ratio_low", "ratio", "95 % interval of that ratio, lower end",
             no_interval)
        .add(&Row::ratio_high, "ratio_high", "ratio", "upper end", no_interval)
        .add(&Row::interval, "interval", "",
             "what the ratio and its interval are: `signed_rank` the Hodges-Lehmann estimate and "
             "the centre of the paired differences of logarithms, if these are symmetric; `sign` "
             "their "
             "median, whatever their law, where one of the two met several regimes")
        .add(&Row::processes, "processes", "processes",
             "that both have valid windows in: the n of the ratio")
        .add(&Row::tie, "tie", "flag", "1 = the interval contains 1, or is missing: no winner");
  }();
  return columns;
}

}  // namespace lockbench
