#pragma once

/// The A/A check: how far apart equal things come out on this machine, and whether the intervals
/// cover what they claim.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/metrics/statistics.hpp"

namespace lockbench {

/// One strategy measured under two labels, in one block of several processes.
struct TwinBlock {
  double ratio = 1;
  std::optional<Interval> interval;  ///< 95 %, of the paired ratio
};

struct NoiseVerdict {
  std::size_t blocks = 0;
  std::size_t covered = 0;       ///< blocks whose interval contains 1
  double median_half_width = 0;  ///< of the intervals: this machine's floor
  bool as_claimed = false;       ///< covered is at least 93 % of the blocks
};

[[nodiscard]] NoiseVerdict judge(const std::vector<TwinBlock>& blocks);

/// Measures `mutex` against itself: `blocks` times eight fresh processes of ten pairs of windows,
/// on as many threads as there are usable CPUs but at most two. Under 10 s a block. Stops early
/// when interrupted. `told` hears of each block.
[[nodiscard]] std::vector<TwinBlock> measure_twins(
    std::uint32_t blocks, const std::function<void(const TwinBlock&)>& told);

[[nodiscard]] std::string to_text(const NoiseVerdict& verdict);

}  // namespace lockbench
