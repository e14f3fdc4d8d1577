#pragma once

#include <memory>
#include <vector>

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

}  // namespace lockbench
