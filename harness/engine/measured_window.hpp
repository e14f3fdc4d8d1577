#pragma once

/// Everything that the engine measures in and around one window, as plain values.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/cell.hpp"
#include "harness/engine/calibration.hpp"
#include "harness/machine/facts/load.hpp"
#include "harness/metrics/latencies.hpp"
#include "harness/metrics/measurement.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {

/// The outcome of one window of one queue.
struct WindowOutcome {
  Measurement measurement;
  Violations violations;
  std::uint64_t size_start = 0;
  std::uint64_t size_end = 0;
  Latencies latencies;                ///< of all threads; empty where none was timed
  std::vector<ThreadRecord> threads;  ///< by index
  /// How much longer than asked the window lasted by the coordinator's clock, where no wait for a CPU
  /// explains that. Not by the workers': a lock may hold one of them for as long as it likes.
  double stopped_s = 0;
};

/// The state of the machine at one moment, as the team's own threads see it.
struct Regime {
  Cell line_roundtrip_ns;  ///< empty for a team on a single CPU
  Cell spin_loop_ns;
};
/// The regime of a window between two probes. Where only one of them knows a figure, it counts.
[[nodiscard]] inline Regime mean(const Regime& before, const Regime& after) {
  const auto middle = [](const Cell& one, const Cell& other) -> Cell {
    if (one && other) return (*one + *other) / 2;
    return one ? one : other;
  };
  return {middle(before.line_roundtrip_ns, after.line_roundtrip_ns),
          middle(before.spin_loop_ns, after.spin_loop_ns)};
}

/// One window of a block, with everything that was measured around it.
struct MeasuredWindow {
  std::uint32_t label = 0;     ///< index into `Block::labels`
  std::uint32_t window = 0;    ///< number among the windows of its label
  std::uint32_t position = 0;  ///< place in the random order of its process
  std::uint64_t seed = 0;      ///< of its random streams
  std::uint32_t sample_every = 0;
  StrategyTraits strategy{};
  bool has_critical_section = false;  ///< its strategy does critical-section work under a lock
  std::vector<int> cpus;              ///< of the threads; empty: not pinned
  std::string memory;                 ///< see `bind_memory`
  Regime before;
  Regime after;
  Cell wake_up_us;                         ///< of strategies that park, where threads are pinned
  std::optional<Calibration> calibration;  ///< where the case works
  Cell capacity_tasks_s;                   ///< of `open_loop`, like the next
  Cell offered_tasks_s;
  Cell peak_memory_bytes;              ///< where operations are timed
  std::optional<OutsideLoad> outside;  ///< since the process began
  double stopped_s =
      0;  ///< how long the process was stopped meanwhile, by the longer of two accounts
  WindowOutcome outcome;

  /// Returns how long so many steps of calibrated work take.
  [[nodiscard]] double seconds_of(std::uint64_t steps) const noexcept {
    return calibration ? static_cast<double>(steps) / calibration->rate.steps_per_ns * 1e-9 : 0;
  }
};

}  // namespace lockbench
