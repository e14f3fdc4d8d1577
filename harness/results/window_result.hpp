#pragma once

/// Everything that is recorded of one window, as it goes from the measuring process to the files.

#include <vector>

#include "harness/results/latency_row.hpp"
#include "harness/results/row.hpp"
#include "harness/results/thread_row.hpp"

namespace lockbench {

struct WindowResult {
  WindowRow row;
  std::vector<LatencyRow> latencies{};  ///< one a kind that was timed
  std::vector<ThreadRow> threads{};     ///< one a thread, where that was asked for
};

}  // namespace lockbench
