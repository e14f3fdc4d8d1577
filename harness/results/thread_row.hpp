#pragma once

/// `threads.csv`: one row a window and thread, on request.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "harness/results/row.hpp"

namespace lockbench {

struct ThreadRow {
  std::string run_id;
  std::string case_id;
  std::string block_id;
  std::string strategy;
  bool twin = false;
  std::uint32_t process = 0;
  std::uint32_t window = 0;
  std::uint32_t thread = 0;
  std::uint32_t role = 0;
  Cell cpu;  ///< OS index; empty where the thread was not pinned
  std::uint64_t operations = 0;
  std::uint64_t reads = 0;
  std::uint64_t writes = 0;
  std::uint64_t empty_takes = 0;
  Cell share;  ///< its operations over the mean of its role
  Cell longest_gap_s;
  Cell start_s;     ///< after the first thread of the window
  Cell duration_s;  ///< its own, from its start to its stop
  Cell cpu_s;
  Cell voluntary_switches;
  Cell involuntary_switches;
  Cell run_queue_wait_s;
  Cell migrations;
  Cell futex_calls;
  Cell cycles;
  Cell instructions;
  Cell cache_misses;
};

[[nodiscard]] std::span<const ColumnDescription> thread_columns();
[[nodiscard]] std::string thread_header();
[[nodiscard]] std::string to_csv(const ThreadRow& row);

}  // namespace lockbench
