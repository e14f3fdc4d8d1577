#pragma once

/// `trials.csv`: one row a window, the rawest thing that is recorded. The columns are declared once,
/// in row.cpp; writer, reader, `bench list --columns` and the data dictionary's test follow it.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/plan/parameters.hpp"

namespace lockbench {

inline constexpr int trials_schema_version = 1;

/// A cell that could not be measured is empty, never 0; the run's context says why.
using Cell = std::optional<double>;

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
