#pragma once

/// From rows to what is compared and reviewed: `summary.csv`, one row a case, and
/// `comparisons.csv`, one row a parameter point and scope. Pure functions.

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "harness/metrics/statistics.hpp"
#include "harness/results/latency_digest.hpp"
#include "harness/results/row.hpp"

namespace lockbench {

/// One case over all its processes. The process is the statistical unit: of each, the median over
/// its valid windows counts once.
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
  Cell throughput_ops_s;
  Cell throughput_low_ops_s;   ///< 95 % interval of the median over processes;
  Cell throughput_high_ops_s;  ///< empty with fewer than six of them
  Cell fairness_jain;
  Cell min_thread_share;
  Cell empty_take_share;  ///< takes that found nothing / all tries to take
  Cell cpu_s_per_mop;
  Cell voluntary_switches_per_kop;
  Cell line_roundtrip_ns;
  Cell line_roundtrip_low_ns;  ///< smallest and largest over processes
  Cell line_roundtrip_high_ns;
  Cell spin_loop_ns;
  bool several_regimes = false;
  std::uint32_t sample_every = 0;
  Quantiles latency;  ///< of all operations that were timed, merged over processes
  Quantiles sojourn;  ///< of all tasks of `open_loop`, merged over processes
  Cell sojourn_mean_ns;
  Cell service_mean_ns;
  Cell handoff_p50_ns;
  Cell handoff_p99_ns;
  Cell offered_tasks_s;
  Cell capacity_tasks_s;
  Cell reads_s;
  Cell writes_s;
  Cell longest_gap_s;
  Cell max_thread_share;
  Cell overhead_ns_per_op;
  bool has_critical_section = false;
  Cell wake_up_us;
  Cell cycles_per_op;
  Cell instructions_per_op;
  Cell cache_misses_per_op;
  Cell futex_calls_per_kop;
  Cell migrations_per_kop;
  Cell peak_memory_bytes;
  std::string flags;    ///< `drained x 24; stolen x 3`: how many of the valid windows carry each
  std::string problem;  ///< first reason other than the harness's own that windows were lost for
  Cell throughput_cv;   ///< over processes: standard deviation / mean
  /// ICC(1) of the windows' log throughputs within processes: the share of their variance that lies
  /// between processes. May be negative.
  Cell throughput_icc;
  /// The valid windows' throughputs dip beyond chance, as if they were independent. Windows of one
  /// process are not, so this describes and decides nothing.
  bool multimodal = false;
};

/// The best of a parameter point and its runner-up.
struct ComparisonRow {
  std::string block_id;
  CaseParameters point;
  bool oversubscribed = false;
  std::string scope;  ///< `priority_fifo`, `any`, or `twin`: one strategy under two labels
  std::string winner;
  std::string winner_ordering;
  std::string runner_up;
  std::string runner_up_ordering;
  double ratio = 1;  ///< of throughputs, winner / runner-up, paired within processes
  Cell ratio_low;
  Cell ratio_high;
  std::uint32_t processes = 0;
  bool tie = true;  ///< the interval contains 1, or there is none
};

using FlagCounts = std::map<std::string, std::uint64_t>;
/// How many of the valid windows carry each flag.
[[nodiscard]] FlagCounts flag_counts(std::span<const WindowRow* const> windows);

/// Sorted by parameters, then strategy. O(rows log rows). Throughput, fairness and cost come from the
/// windows in which no operation was timed, where a case has any.
[[nodiscard]] std::vector<SummaryRow> summarise(std::span<const WindowRow> rows,
                                                const LatencyDigest& latencies = {});
[[nodiscard]] std::vector<ComparisonRow> compare(std::span<const WindowRow> rows);

/// What this run can tell apart at best: a strategy against itself.
struct NoiseFloor {
  std::uint32_t blocks = 0;
  double ratio = 1;                  ///< over all blocks and processes
  std::optional<Interval> interval;  ///< 95 %, of that ratio
  Cell typical_half_width;           ///< median over blocks: (high - low) / 2 of a block's ratio
};
[[nodiscard]] NoiseFloor noise_floor(std::span<const WindowRow> rows);

[[nodiscard]] std::span<const ColumnDescription> summary_columns();
[[nodiscard]] std::span<const ColumnDescription> comparison_columns();
/// The whole file, header included. Figures are rounded to four significant digits, so that diffs
/// show changes and not noise in the last place.
[[nodiscard]] std::string to_csv(std::span<const SummaryRow> rows);
[[nodiscard]] std::string to_csv(std::span<const ComparisonRow> rows);

}  // namespace lockbench
