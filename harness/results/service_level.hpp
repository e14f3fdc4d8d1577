#pragma once

/// The highest load at which a strategy still holds a service level, from the summary of an
/// `open_loop` run: a pure function of its rows.

#include <span>
#include <string>
#include <vector>

#include "harness/plan/request.hpp"
#include "harness/results/summary.hpp"

namespace lockbench {

/// One strategy at one point, over all loads that were measured there.
struct ServiceLevelRow {
  std::string strategy;
  CaseParameters point;  ///< with a load of 0
  std::string quantile;
  double limit_ns = 0;
  Cell load;             ///< highest at which this and all lower loads hold; empty: none does
  Cell offered_tasks_s;  ///< there
  Cell reached_ns;       ///< the quantile there
  Cell next_load;        ///< lowest at which it does not hold; empty: all do
  Cell next_reached_ns;  ///< the quantile there; empty where it has too few samples beyond it
};

/// Sorted by point, then strategy. Twins and strategies that break the contract are left out. A
/// quantile with too few samples to be known does not hold the level.
[[nodiscard]] std::vector<ServiceLevelRow> service_levels(std::span<const SummaryRow> summary,
                                                          const ServiceLevel& level);

[[nodiscard]] const Columns<ServiceLevelRow>& service_level_columns();

}  // namespace lockbench
