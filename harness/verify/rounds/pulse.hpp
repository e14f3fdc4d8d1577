#pragma once

#include <cstdint>
#include <thread>
#include <vector>

namespace lockbench::verify {

/// A thread that shows when others could have run. It sleeps for half a millisecond, notes the time,
/// and moves on to the next CPU. It runs only when no other thread wants its CPU (SCHED_IDLE), so that
/// each beat says: this CPU had nothing else to do. Where a thread that was woken has not run for many
/// beats, it is not the load of the machine that kept it, nor a CPU that the machine was not given:
/// the beats come round to each CPU, and stop at one that stands still.
///
/// It never touches a queue: it would not give a lock back in time.
class Pulse {
public:
  /// Starts the thread. It makes no beats if the system refuses its class or its CPUs.
  Pulse();
  Pulse(const Pulse&) = delete;
  Pulse& operator=(const Pulse&) = delete;

  /// Ends the thread and returns when it beat, by the steady clock in nanoseconds, ascending. Call it
  /// once.
  [[nodiscard]] std::vector<std::int64_t> stop();

private:
  std::vector<std::int64_t> beats_ns_;  // the thread's, until it has ended
  std::jthread thread_;
};

}  // namespace lockbench::verify
