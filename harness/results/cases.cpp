#include "harness/results/cases.hpp"

namespace lockbench {

std::map<CaseKey, Case> cases_of(std::span<const WindowRow> rows) {
  std::map<CaseKey, Case> cases;
  for (const auto& row : rows) {
    auto& group = cases[{row.point, row.strategy, row.twin}];
    group.any = &row;
    group.windows.push_back(&row);
    if (row.valid()) {
      (row.sample_every == 0 ? group.valid : group.sampled)[row.process].push_back(&row);
    }
  }
  for (auto& [key, group] : cases) {
    if (group.valid.empty()) group.valid = group.sampled;
  }
  return cases;
}

ProcessMedians medians_of(const ByProcess& processes, FigureIndex figure) {
  return medians_of(processes, [figure](const WindowRow& window) { return window[figure]; });
}

std::vector<double> values_of(const ProcessMedians& medians) {
  std::vector<double> values;
  for (const auto& [process, value] : medians) values.push_back(value);
  return values;
}

Cell median_of(const ProcessMedians& medians) {
  return medians.empty() ? Cell() : median(values_of(medians));
}

}  // namespace lockbench
