#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "harness/base/case_parameters.hpp"
#include "harness/engine/calibrated_work.hpp"
#include "harness/engine/team.hpp"
#include "harness/machine/facts/run_queue_wait.hpp"
#include "harness/machine/facts/thread_counters.hpp"

namespace lockbench {

/// The counters that a thread reads at both ends of a window. The thread itself opens them, and they
/// live as long as its team, since opening them takes longer than windows should wait.
struct Instruments {
  ThreadCounters counters;
  RunQueueWait run_queue;
};

using TeamInstruments = std::vector<std::unique_ptr<Instruments>>;  ///< by thread

[[nodiscard]] inline TeamInstruments instruments_of(Team& team) {
  TeamInstruments all(team.size());
  team.run([&](std::uint32_t index) { all[index] = std::make_unique<Instruments>(); });
  return all;
}

/// The settings of one window.
struct WindowSpec {
  CaseParameters point;
  double window_s = 0.015;
  double warm_up_s = 0.003;
  std::uint64_t seed = 1;
  /// One operation in this many is timed, at random; 0: none is, and nothing disturbs the others.
  std::uint32_t sample_every = 0;
  /// The rate of calibrated work; see `Calibration`.
  WorkRate rate{};
  /// Intended arrivals a second, over all producers of `open_loop`; 0: as many as the queue takes.
  double arrivals_s = 0;
  /// The counters of the team's threads; null: none are read.
  const TeamInstruments* instruments = nullptr;
  /// Planted between the coordinator's decision and its flag, to show that the coordinator's
  /// punctuality has no part in any figure. Zero but in the tests that plant it.
  double coordinator_delay_s = 0;
};

}  // namespace lockbench
