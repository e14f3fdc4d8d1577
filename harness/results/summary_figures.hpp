#pragma once

/// The figures of summary.csv: those of the table that say how they are summarised, and those that
/// only a whole case has.

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "harness/results/figures.hpp"

namespace lockbench {
namespace figure {

inline constexpr std::string_view few_processes =
    "fewer than 6 processes: no interval of the median with that coverage exists";
inline constexpr std::string_view no_handoff =
    "another workload, or fewer than 10 samples beyond it";

/// Computed by summary.cpp.
inline constexpr std::array of_case{
    ColumnDescription{"throughput_low_ops_s", "operations/s",
                      "95 % interval of that median over processes, lower end", few_processes},
    ColumnDescription{"throughput_high_ops_s", "operations/s", "upper end", few_processes},
    ColumnDescription{
        "throughput_cv", "ratio",
        "coefficient of variation over processes: standard deviation / mean of their medians",
        "fewer than 2 processes"},
    ColumnDescription{
        "throughput_icc", "ratio",
        "intraclass correlation ICC(1) of the logarithms of the valid windows' throughputs, "
        "windows within processes: the share of their variance that lies between processes. Near "
        "1, windows of one process tell the same over and over; negative values are chance, or "
        "windows that differ more than processes do",
        "fewer than 2 processes, never 2 windows in one, or no variance"},
    ColumnDescription{"empty_take_share", "share",
                      "takes that found nothing / all tries to take, median", "no take was tried"},
    ColumnDescription{"line_roundtrip_low_ns", "ns", "smallest of a process (not an interval)",
                      one_cpu},
    ColumnDescription{"line_roundtrip_high_ns", "ns", "largest of a process (not an interval)",
                      one_cpu},
    ColumnDescription{"handoff_p50_ns", "ns",
                      "`handoff`: from the call of the add to the return of the sleeping "
                      "consumer's take, merged over processes",
                      no_handoff},
    ColumnDescription{"handoff_p99_ns", "ns", "as `handoff_p50_ns`, 99 %", no_handoff},
    ColumnDescription{
        "harness_share", "share",
        "what the harness itself takes of an operation's CPU time: CPU time an operation of "
        "`null` at the same point, less calibrated work, / CPU time an operation of the case; "
        "paired within processes, median",
        "`null` itself, or a workload that is not run on it or that waits for the clock "
        "(`raw_fifo`, `open_loop`, `handoff`)"},
};

}  // namespace figure

struct SummaryFigure {
  ColumnDescription column;
  const Figure* source = nullptr;  ///< null for those that only a case has
};

/// In the order of the columns of summary.csv.
inline constexpr auto summary_figures = [] {
  constexpr auto summarised = std::ranges::count_if(
      window_figures, [](const Figure& f) { return f.summary.how != Summarised::no; });
  std::array<SummaryFigure, summarised + figure::of_case.size()> all{};
  auto* next = all.begin();
  for (const auto& figure : window_figures) {
    if (figure.summary.how == Summarised::no) continue;
    auto column = figure.summary.column;
    if (column.name.empty()) {
      column.name = figure.column.name;
      column.unit = figure.column.unit;
    }
    *next++ = {column, &figure};
  }
  for (const auto& column : figure::of_case) *next++ = {column};
  return all;
}();

/// The place of a figure among those of a summary.
enum class SummaryIndex : std::size_t {};

/// `"cpu_s_per_mop"_summary`: how code refers to a figure of a summary.
consteval SummaryIndex operator""_summary(const char* name, std::size_t length) {
  return SummaryIndex{place_of({name, length}, summary_figures)};
}

}  // namespace lockbench
