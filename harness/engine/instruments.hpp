#pragma once

#include <memory>
#include <vector>

#include "harness/engine/team.hpp"
#include "harness/machine/facts/run_queue_wait.hpp"
#include "harness/machine/facts/thread_counters.hpp"

namespace lockbench {

/// What a thread reads its costs from at the ends of a window. Opened by the thread itself, and kept
/// as long as its team, since opening counters takes longer than windows should wait.
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
