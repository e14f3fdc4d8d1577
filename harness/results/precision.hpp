#pragma once

/// How precise the medians of a run are, and where more processes are needed: a pure function.

#include <cstdint>
#include <set>
#include <span>
#include <string>

#include "harness/results/summary.hpp"

namespace lockbench {

/// The cases that a precision is asked of: all of strategies that keep the whole contract, twins
/// included. How fast `null` and `unsafe` are decides nothing. Left out is what more processes give
/// no result for: a strategy that broke its contract, crashed or hung, and a build whose rows do not
/// count. A case that only the machine's noise left without a valid window is wide.
struct PrecisionReached {
  double asked = 0;          ///< 0.02 = ± 2 %
  std::uint32_t cases = 0;   ///< that it is asked of
  std::uint32_t wide = 0;    ///< of those, with an interval that is wider, or with none
  std::string widest{};      ///< the case with the widest interval; of those with none, the first
  Cell widest_half_width{};  ///< 0.04 = ± 4 %; empty where that case has no interval
  std::set<std::string> wide_blocks{};  ///< blocks that hold a wide case
};

/// Width is that of the 95 % interval of a case's median: half of it, over the median.
[[nodiscard]] PrecisionReached precision_reached(std::span<const SummaryRow> summary, double asked);

}  // namespace lockbench
