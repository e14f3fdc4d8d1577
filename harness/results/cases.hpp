#pragma once

/// The windows of a run by case and process: what summaries and comparisons are computed from.

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "harness/metrics/statistics.hpp"
#include "harness/results/window_row.hpp"

namespace lockbench {

using Windows = std::vector<const WindowRow*>;
using ByProcess = std::map<std::uint32_t, Windows>;

/// All windows of one case.
struct Case {
  const WindowRow* any = nullptr;
  Windows windows;
  ByProcess valid;    ///< in which no operation was timed, unless the case has no other windows
  ByProcess sampled;  ///< valid, and operations were timed in them
};

using CaseKey = std::tuple<CaseParameters, std::string, bool>;  ///< point, strategy, twin
using Cases = std::map<CaseKey, Case>;

/// The rows must outlive the result. O(rows log rows).
[[nodiscard]] Cases cases_of(std::span<const WindowRow> rows);

/// Medians over windows, by process.
using ProcessMedians = std::map<std::uint32_t, double>;

/// One value a process: the median of `figure(window)` over its windows that have the figure.
[[nodiscard]] ProcessMedians medians_of(const ByProcess& processes, auto&& figure) {
  ProcessMedians medians;
  for (const auto& [process, windows] : processes) {
    std::vector<double> values;
    for (const auto* window : windows) {
      if (const Cell value = figure(*window)) values.push_back(*value);
    }
    if (!values.empty()) medians[process] = median(values);
  }
  return medians;
}
[[nodiscard]] ProcessMedians medians_of(const ByProcess& processes, FigureIndex figure);

[[nodiscard]] std::vector<double> values_of(const ProcessMedians& medians);
/// Empty where no process has one.
[[nodiscard]] Cell median_of(const ProcessMedians& medians);

/// The shortest and the longest round trip of a cache line that processes of the case met, in ns;
/// nothing where none knows it.
[[nodiscard]] std::optional<Interval> line_distances(const Case& group);
/// Whether these are so far apart that the CPUs were others: the case was measured in several regimes.
[[nodiscard]] bool is_several_regimes(const std::optional<Interval>& distances) noexcept;

}  // namespace lockbench
