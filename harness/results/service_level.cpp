#include "harness/results/service_level.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "harness/base/parameter_list.hpp"
#include "harness/plan/catalogue.hpp"
#include "harness/results/column.hpp"
#include "harness/results/concatenated.hpp"

namespace lockbench {
namespace {

using Cases = std::map<double, const SummaryRow*>;  // by load

Cell quantile_of(const SummaryRow& row, const std::string& name) {
  for (std::size_t i = 0; i < standard_quantiles.size(); ++i) {
    if (standard_quantiles[i].name == name) return row.sojourn.at[i];
  }
  return {};
}

ServiceLevelRow level_of(const Cases& cases, const ServiceLevel& level) {
  ServiceLevelRow row;
  row.strategy = cases.begin()->second->strategy;
  row.point = cases.begin()->second->point;
  row.point.load = 0;
  row.quantile = level.quantile;
  row.limit_ns = level.limit_ns;
  for (const auto& [load, summary] : cases) {
    const auto reached = quantile_of(*summary, level.quantile);
    if (!reached || *reached > level.limit_ns) {
      row.next_load = load;
      row.next_reached_ns = reached;
      break;
    }
    row.load = load;
    row.offered_tasks_s = summary->offered_tasks_s;
    row.reached_ns = reached;
  }
  return row;
}

using R = ServiceLevelRow;
using column::member;

constexpr auto version = column::version_column<R>;
constexpr auto parameter_columns(const auto& list) {
  return column::parameter_columns<R>(list);
}

constexpr auto columns = concatenated(
    std::array{
        version, member<&R::strategy>("strategy", "", "Strategy, as in `bench list`"),
        member<&R::quantile>("quantile", "", "What was bounded, of the sojourn time"),
        member<&R::limit_ns>("limit_ns", "ns", "Its bound"),
        member<&R::load>("highest_load", "share",
                         "Highest load at which it and all lower ones hold; empty: none does"),
        member<&R::offered_tasks_s>("offered_tasks_s", "tasks/s", "Arrivals at that load"),
        member<&R::reached_ns>("reached_ns", "ns", "The quantile at that load"),
        member<&R::next_load>("next_load", "share",
                              "Lowest load that does not hold; empty: all do"),
        member<&R::next_reached_ns>("next_reached_ns", "ns",
                                    "The quantile there; empty: too few samples beyond it")},
    parameter_columns(parameters::table));

constexpr auto descriptions = descriptions_of(columns);

}  // namespace

std::vector<ServiceLevelRow> service_levels(std::span<const SummaryRow> summary,
                                            const ServiceLevel& level) {
  std::map<std::pair<CaseParameters, std::string>, Cases> by_point;
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

std::span<const ColumnDescription> service_level_columns() {
  return descriptions;
}

std::string to_csv(std::span<const ServiceLevelRow> rows) {
  return column::file(columns, rows);
}

}  // namespace lockbench
