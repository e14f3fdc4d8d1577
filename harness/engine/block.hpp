#pragma once

/// The child's work: every label of a block, in random order, window by window, on one team.

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "harness/engine/block_task.hpp"
#include "harness/engine/measured_window.hpp"
#include "harness/engine/team.hpp"
#include "harness/engine/window_spec.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {

/// One compiled pair of workload and strategy, so that the engine includes no workload. The measured
/// path below it has no virtual call.
struct CompiledCase {
  std::string_view workload;
  StrategyTraits strategy;
  bool twin = false;          ///< of a type of its own, for the A/A comparison
  bool has_critical_section;  ///< it can do work under its lock
  /// Runs one window.
  WindowOutcome (*window)(Team&, const WindowSpec&);
};

/// Returns the label's case. Throws `Error` when it was not compiled.
using FindCase = const CompiledCase& (*)(std::string_view workload, const Label& label);

/// Is told of every window before it starts, so that a crash or a hang has a name, and after it.
struct BlockListener {
  std::function<void(std::uint32_t label)> window_begins;
  std::function<void(const MeasuredWindow&)> window_ended;
};

/// One window of a process to be.
struct PlannedWindow {
  std::uint32_t label = 0;  ///< index into Block::labels
  bool sampled = false;     ///< operations are timed
  bool operator==(const PlannedWindow&) const = default;
};

/// Runs the block under Google Benchmark: one registered benchmark a window, one iteration each,
/// timed by our own threads. Throws `Error` when the team cannot be set up.
void run_block(const BlockTask& task, const BlockListener& listener, FindCase find_case);

/// The order of a process: every label once a round, each round shuffled anew; with `sampled`, a
/// round of sampled windows more, at a random place among the others.
[[nodiscard]] std::vector<PlannedWindow> window_order(std::size_t labels, std::uint32_t windows,
                                                      bool sampled, std::uint64_t seed);

}  // namespace lockbench
