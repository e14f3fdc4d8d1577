#pragma once

/// The words that the table of figures is written in: how a figure is read from a window, and how
/// the figures of a case's windows become one of its summary.

#include <fmt/format.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <type_traits>

#include "harness/engine/measured_window.hpp"
#include "harness/results/columns.hpp"

namespace lockbench {

/// Reads a figure from a window, or from the merged histograms of a case.
struct FigureReading {
  using OfWindow = Cell (*)(const MeasuredWindow&);
  using OfHistogram = Cell (*)(const LatencyHistogram*);

  constexpr FigureReading(OfWindow read) : of_window(read) {}  // NOLINT: a function is a reading
  constexpr FigureReading(OfWindow read, LatencyKind timed, OfHistogram statistic)
      : of_window(read), kind(timed), of_histogram(statistic) {}

  OfWindow of_window;
  LatencyKind kind{};
  OfHistogram of_histogram = nullptr;  ///< null for figures that are not read from a histogram
};

/// How the figures of a case's windows become one figure of its summary. Where windows are combined,
/// each process counts once, with the median of its windows; the figure is the median of those.
enum class Summarised : std::uint8_t {
  no,
  median,          ///< of the undisturbed windows
  sampled_median,  ///< of the windows in which operations were timed
  per_operation,   ///< median of figure x scale / operations
  per_second,      ///< median of figure / duration_s
  merged,          ///< read from the case's merged histograms
};

struct Summary {
  Summarised how = Summarised::no;
  double scale = 1;
  ColumnDescription column{};  ///< without name and unit: those of the figure
};

/// One figure of a window: its column in trials.csv, and what becomes of it in summary.csv.
struct Figure {
  ColumnDescription column;
  FigureKind kind;
  FigureReading read;
  Summary summary{};
};

namespace figure {

constexpr Figure count(std::string_view name, std::string_view unit, std::string_view meaning,
                       std::string_view empty, const FigureReading& read,
                       const Summary& summary = {}) {
  return {{name, unit, meaning, empty}, FigureKind::count, read, summary};
}
constexpr Figure real(std::string_view name, std::string_view unit, std::string_view meaning,
                      std::string_view empty, const FigureReading& read,
                      const Summary& summary = {}) {
  return {{name, unit, meaning, empty}, FigureKind::real, read, summary};
}

constexpr Summary median(std::string_view meaning, std::string_view empty) {
  return {Summarised::median, 1, {{}, {}, meaning, empty}};
}
constexpr Summary sampled_median(std::string_view meaning, std::string_view empty) {
  return {Summarised::sampled_median, 1, {{}, {}, meaning, empty}};
}
constexpr Summary merged(std::string_view meaning, std::string_view empty) {
  return {Summarised::merged, 1, {{}, {}, meaning, empty}};
}
constexpr Summary per_operation(double scale, std::string_view name, std::string_view unit,
                                std::string_view meaning, std::string_view empty) {
  return {Summarised::per_operation, scale, {name, unit, meaning, empty}};
}
constexpr Summary per_second(std::string_view name, std::string_view unit, std::string_view meaning,
                             std::string_view empty) {
  return {Summarised::per_second, 1, {name, unit, meaning, empty}};
}

/// Counts become figures, and figures remain what they are.
constexpr Cell cell(const auto& value) {
  if constexpr (std::is_arithmetic_v<std::remove_cvref_t<decltype(value)>>) {
    return static_cast<double>(value);
  } else {
    return value;
  }
}

template <auto Member>
Cell of_window(const MeasuredWindow& window) {
  return window.*Member;
}
template <auto Member>
Cell of_measurement(const MeasuredWindow& window) {
  return cell(window.outcome.measurement.*Member);
}
/// A count of a tally, or a sum of its counts.
template <auto Member>
Cell of_tally(const Tally& tally) {
  if constexpr (std::is_member_function_pointer_v<decltype(Member)>) {
    return cell((tally.*Member)());
  } else {
    return cell(tally.*Member);
  }
}
template <auto Member>
Cell of_tally(const MeasuredWindow& window) {
  return of_tally<Member>(window.outcome.measurement.tally);
}
template <ThreadEvent event>
Cell of_event(const MeasuredWindow& window) {
  return window.outcome.measurement.events[event];
}
template <auto Steps>
Cell of_work(const MeasuredWindow& window) {
  return window.seconds_of(window.outcome.measurement.work.*Steps);
}
template <auto Member>
Cell of_regime(const MeasuredWindow& window) {
  return mean(window.before, window.after).*Member;
}
template <auto Member>
Cell of_outside(const MeasuredWindow& window) {
  return window.outside ? Cell((*window.outside).*Member) : Cell();
}
/// Nothing for a strategy that stores nothing.
template <auto Member>
Cell of_size(const MeasuredWindow& window) {
  return window.strategy.conformance == Conformance::none ? Cell() : cell(window.outcome.*Member);
}

inline Cell longest_gap_s(const MeasuredWindow& window) {
  return window.sample_every == 0 ? Cell() : Cell(window.outcome.measurement.longest_gap_s);
}
inline Cell overhead_s(const MeasuredWindow& window) {
  const auto& [critical, think, task] = window.outcome.measurement.work;
  return window.outcome.measurement.cpu_s - window.seconds_of(critical) - window.seconds_of(think) -
         window.seconds_of(task);
}
inline Cell calibration_error(const MeasuredWindow& window) {
  return window.calibration ? Cell(window.calibration->check_error) : Cell();
}

/// Nothing where nothing was timed.
template <auto Statistic>
Cell of_histogram(const LatencyHistogram* histogram) {
  return histogram == nullptr ? Cell() : cell(std::invoke(Statistic, *histogram));
}
template <std::size_t index>
Cell quantile(const LatencyHistogram& histogram) {
  return histogram.quantile_ns(standard_quantiles[index].q);
}

/// A statistic of the durations of one kind.
template <LatencyKind kind, auto Statistic>
inline constexpr FigureReading timed{
    [](const MeasuredWindow& window) {
      return of_histogram<Statistic>(window.outcome.latencies.find(kind));
    },
    kind, of_histogram<Statistic>};
/// One of the standard quantiles of the durations of one kind.
template <LatencyKind kind, std::size_t index>
inline constexpr FigureReading timed_quantile = timed<kind, &quantile<index>>;

}  // namespace figure
}  // namespace lockbench
