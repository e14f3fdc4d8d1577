#pragma once

/// How precise the medians of a run are, and where more processes are needed: a pure function.

#include <cstdint>
#include <set>
#include <span>
#include <string>

#include "harness/results/summary.hpp"

namespace lockbench {

/// The cases that a precision is asked of: those of strategies that keep the whole contract, twins
/// included. More processes would give no result for a strategy that broke its contract, crashed or
/// hung, nor for a build whose rows do not count: such cases are left out. A case that has no valid
/// window because of the machine's noise alone is wide.
struct PrecisionReached {
  double asked = 0;          ///< 0.02 = ± 2 %
  std::uint32_t cases = 0;   ///< of which it is asked
  std::uint32_t wide = 0;    ///< cases with a wider interval, or with none
  std::string widest{};      ///< the case with the widest interval, or the first with none
  Cell widest_half_width{};  ///< 0.04 = ± 4 %; empty where that case has no interval
  std::set<std::string> wide_blocks{};  ///< blocks that hold a wide case
};

/// Width is that of the 95 % interval of a case's median: half of it, over the median.
[[nodiscard]] PrecisionReached precision_reached(std::span<const SummaryRow> summary, double asked);

}  // namespace lockbench
