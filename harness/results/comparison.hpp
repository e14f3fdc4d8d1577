#pragma once

/// From rows to who wins: `comparisons.csv`, one row a parameter point and scope. Pure functions.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/metrics/statistics.hpp"
#include "harness/results/window_row.hpp"

namespace lockbench {

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
  std::string interval;  ///< `signed_rank`, or `sign` where the machine changed its regime
  std::uint32_t processes = 0;
  bool tie = true;  ///< the interval contains 1, or there is none
};

/// O(rows log rows).
[[nodiscard]] std::vector<ComparisonRow> compare(std::span<const WindowRow> rows);

/// The smallest difference that this run can tell: a strategy against itself.
struct NoiseFloor {
  std::uint32_t blocks = 0;
  double ratio = 1;                  ///< over all blocks and processes
  std::optional<Interval> interval;  ///< 95 %, of that ratio
  Cell typical_half_width;           ///< median over blocks: (high - low) / 2 of a block's ratio
};
[[nodiscard]] NoiseFloor noise_floor(std::span<const WindowRow> rows);

/// An estimate of a logarithm, and its interval, as the ratio that it is of.
[[nodiscard]] Estimate ratio_of(const Estimate& logarithm);

/// Figures are rounded to four significant digits.
[[nodiscard]] const Columns<ComparisonRow>& comparison_columns();

}  // namespace lockbench
