#pragma once

/// From rows to what is reviewed: `summary.csv`, one row a case. Pure functions.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/results/cases.hpp"
#include "harness/results/latency_digest.hpp"
#include "harness/results/summary_figures.hpp"
#include "harness/results/window_row.hpp"

namespace lockbench {

/// Durations of one kind that are too few for a p99.
struct FewSamples {
  LatencyKind kind = LatencyKind::all;
  std::uint64_t samples = 0;
};

/// One case over all its processes. The process is the statistical unit: each counts once, with the
/// median over its valid windows.
struct SummaryRow {
  std::string case_id;
  std::string block_id;
  std::string strategy;
  std::string ordering;
  CaseParameters point;
  bool twin = false;
  bool oversubscribed = false;
  std::uint32_t processes = 0;  ///< with at least one valid window
  std::uint32_t windows = 0;
  std::uint32_t valid_windows = 0;
  std::uint32_t sample_every = 0;
  bool has_critical_section = false;
  bool several_regimes = false;
  /// The valid windows' throughputs dip beyond chance, as if they were independent. Windows of one
  /// process are not, so this describes and decides nothing.
  bool multimodal = false;
  bool harness_bound = false;  ///< `harness_share` is above `most_harness_share`
  double window_s = 0;         ///< that was asked for
  Validity problem;            ///< why windows, or the whole case, were lost
  std::string flags;  ///< `drained x 24; stolen x 3`: how many of the valid windows carry each
  std::string machine_kind;
  std::string machine;  ///< `A; B` where the run went on elsewhere
  std::array<Cell, summary_figures.size()> values{};

  std::optional<FewSamples> few_samples{};  ///< empty where nothing was timed, or enough

  Cell& operator[](SummaryIndex index) { return values.at(static_cast<std::size_t>(index)); }
  const Cell& operator[](SummaryIndex index) const {
    return values.at(static_cast<std::size_t>(index));
  }
};

using FlagCounts = std::map<std::string, std::uint64_t>;
/// How many of the valid windows carry each flag.
[[nodiscard]] FlagCounts flag_counts(std::span<const WindowRow* const> windows);

/// Sorted by parameters, then strategy. O(rows log rows). Throughput, fairness and cost come from
/// windows in which no operation was timed, where a case has any.
[[nodiscard]] std::vector<SummaryRow> summarise(std::span<const WindowRow> rows,
                                                const LatencyDigest& latencies = {});
/// The same where the rows are grouped already: one row a case, in the same order.
[[nodiscard]] std::vector<SummaryRow> summarise(const Cases& cases,
                                                const LatencyDigest& latencies = {});

/// Figures are rounded to four significant digits.
[[nodiscard]] const Columns<SummaryRow>& summary_columns();

}  // namespace lockbench
