#include "harness/results/service_level.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "harness/plan/catalogue.hpp"

namespace lockbench {
namespace {

using ByLoad = std::map<double, const SummaryRow*>;

Cell sojourn_quantile(const SummaryRow& row, const std::string& name) {
  const auto found = std::ranges::find_if(summary_figures, [&](const SummaryFigure& figure) {
    return figure.column.name == "sojourn_" + name + "_ns";
  });
  return row.values.at(static_cast<std::size_t>(found - summary_figures.begin()));
}

ServiceLevelRow level_of(const ByLoad& cases, const ServiceLevel& level) {
  ServiceLevelRow row;
  row.strategy = cases.begin()->second->strategy;
  row.point = cases.begin()->second->point;
  row.point.load = 0;
  row.quantile = level.quantile;
  row.limit_ns = level.limit_ns;
  for (const auto& [load, summary] : cases) {
    const auto reached = sojourn_quantile(*summary, level.quantile);
    if (!reached || *reached > level.limit_ns) {
      row.next_load = load;
      row.next_reached_ns = reached;
      break;
    }
    row.load = load;
    row.offered_tasks_s = (*summary)["offered_tasks_s"_summary];
    row.reached_ns = reached;
  }
  return row;
}

}  // namespace

std::vector<ServiceLevelRow> service_levels(std::span<const SummaryRow> summary,
                                            const ServiceLevel& level) {
  std::map<std::pair<CaseParameters, std::string>, ByLoad> by_point;
  for (const auto& row : summary) {
    if (row.twin || row.point.load <= 0 || !keeps_whole_contract(row.strategy)) continue;
    auto point = row.point;
    point.load = 0;
    by_point[{point, row.strategy}].emplace(row.point.load, &row);
  }
  std::vector<ServiceLevelRow> rows;
  for (const auto& [key, cases] : by_point) rows.push_back(level_of(cases, level));
  return rows;
}

const Columns<ServiceLevelRow>& service_level_columns() {
  using Row = ServiceLevelRow;
  static const auto columns = [] {
    return Columns<Row>("slo.csv", Digits::four)
        .add(&Row::strategy, "strategy", "", "as in `bench list`")
        .add(&Row::quantile, "quantile", "",
             "what was bounded, of the sojourn time: `p50`, `p90`, `p99`, `p99_9` or `p99_99`")
        .add(&Row::limit_ns, "limit_ns", "ns", "its bound")
        .add(&Row::load, "highest_load", "share",
             "highest load at which it and all lower loads keep the level", "none does")
        .add(&Row::offered_tasks_s, "offered_tasks_s", "tasks/s",
             "intended arrivals at that load: shares of different capacities, so compare these and "
             "not the loads",
             "none does")
        .add(&Row::reached_ns, "reached_ns", "ns", "the quantile at that load", "none does")
        .add(&Row::next_load, "next_load", "share", "lowest load that does not keep it", "all do")
        .add(&Row::next_reached_ns, "next_reached_ns", "ns", "the quantile there",
             "all do, or it has fewer than 10 samples beyond it")
        .add_parameters();
  }();
  return columns;
}

}  // namespace lockbench
