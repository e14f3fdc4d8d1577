#pragma once

/// `trials.csv`: one row a window, the rawest thing that is recorded. The columns are declared once,
/// in row.cpp; writer, reader, `bench list --columns` and the data dictionary's test follow it.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/case_parameters.hpp"
#include "harness/metrics/latency_histogram.hpp"

namespace lockbench {

inline constexpr int trials_schema_version = 1;

/// A cell that could not be measured is empty, never 0; the run's context says why.
using Cell = std::optional<double>;

/// The figures of a histogram that rows show; empty where nothing was timed, or too little.
struct Quantiles {
  Cell samples;
  std::array<Cell, standard_quantiles.size()> at;
  Cell max_ns;
};
/// Empty for null.
[[nodiscard]] Quantiles quantiles_of(const LatencyHistogram* histogram);
[[nodiscard]] Cell mean_of(const LatencyHistogram* histogram);

struct WindowRow {
  int schema_version = trials_schema_version;
  std::string run_id;
  std::string case_id;
  std::string block_id;
  std::string strategy;
  std::string ordering;
  CaseParameters point;
  std::uint32_t process = 0;
  std::uint32_t window = 0;
  Cell duration_s;
  std::uint64_t operations = 0;
  std::uint64_t reads = 0;
  std::uint64_t writes = 0;
  std::uint64_t empty_takes = 0;
  Cell throughput_ops_s;
  Cell fairness_jain;
  Cell min_thread_share;
  Cell cpu_s;
  Cell voluntary_switches;
  Cell involuntary_switches;
  Cell overlap;
  Cell line_roundtrip_ns;
  Cell spin_loop_ns;
  bool oversubscribed = false;
  bool valid = true;
  std::string invalid_reason;
  // Appended after the first release of the schema's list; columns are only ever appended.
  bool twin = false;
  std::uint32_t position = 0;
  std::uint64_t full_adds = 0;
  Cell size_start;
  Cell size_end;
  Cell window_s;
  Cell warm_up_s;
  std::uint64_t seed = 0;
  std::uint64_t takes = 0;
  // Appended with latency, work and placement.
  std::uint32_t sample_every = 0;
  std::uint64_t cancels = 0;
  std::uint64_t late_cancels = 0;
  std::uint64_t completions = 0;
  Cell max_thread_share;
  Cell longest_gap_s;
  bool has_critical_section = false;
  Cell critical_work_s;
  Cell think_work_s;
  Cell task_work_s;
  Cell overhead_s;
  Cell calibration_error;
  Cell capacity_tasks_s;
  Cell offered_tasks_s;
  Cell wake_up_us;
  // All operations together; the kinds apart are in latency.csv.
  Quantiles latency;
  Quantiles sojourn;
  Cell sojourn_mean_ns;
  Cell service_mean_ns;

  std::string cpus;    ///< see `cpu_map`
  std::string memory;  ///< see `bind_memory`
  Cell cycles;
  Cell instructions;
  Cell cache_misses;
  Cell branch_misses;
  Cell page_faults;
  Cell migrations;
  Cell futex_calls;
  Cell counted_share;
  Cell run_queue_wait_s;
  Cell others_share;
  Cell steal_share;
  Cell peak_memory_bytes;
  std::string flags;  ///< words joined by `;`, see metrics/flags.hpp
};

/// One column of a CSV file, as the data dictionary describes it.
struct ColumnDescription {
  std::string_view name;
  std::string_view unit;  ///< "" for names and flags
  std::string_view meaning;
};

[[nodiscard]] std::span<const ColumnDescription> trial_columns();

[[nodiscard]] std::string trials_header();
/// One CSV line without its line end.
[[nodiscard]] std::string to_csv(const WindowRow& row);
/// Reads what `to_csv` wrote. Throws `Error` naming the column and the value that does not fit.
[[nodiscard]] WindowRow row_from_csv(std::string_view line);

}  // namespace lockbench
