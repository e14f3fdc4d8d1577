#include "harness/results/cases.hpp"

#include <algorithm>

namespace lockbench {
namespace {

/// Distances between CPUs of one placement differ by a factor of about two or more from one regime
/// to the next (SMT siblings, one last-level cache, across chiplets).
constexpr double regime_factor = 1.6;

}  // namespace

Cases cases_of(std::span<const WindowRow> rows) {
  Cases cases;
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

std::optional<Interval> line_distances(const Case& group) {
  const auto distances = values_of(medians_of(group.valid, "line_roundtrip_ns"_figure));
  if (distances.empty()) return std::nullopt;
  const auto [low, high] = std::ranges::minmax(distances);
  return Interval{low, high};
}

bool is_several_regimes(const std::optional<Interval>& distances) noexcept {
  return distances && distances->high > regime_factor * distances->low;
}

}  // namespace lockbench
