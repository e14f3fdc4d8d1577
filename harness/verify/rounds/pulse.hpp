#pragma once

#include <cstdint>
#include <vector>

namespace lockbench::verify {

/// Shows when threads could have run. A process beside this one sleeps for half a millisecond, notes the
/// time, and moves on to the next CPU, over and over. It runs only when no other thread wants its CPU
/// (SCHED_IDLE), so that each beat says: this CPU had nothing else to do. Where a thread that was woken
/// has not run for many beats, it is not the load of the machine that kept it, nor a CPU that the
/// machine was not given: the beats come round to each CPU, and stop at one that stands still.
///
/// A process, because a thread that gets no CPU may hold what the other threads of its process need: a
/// lock of the queue, of the allocator, or of the address space in the kernel. It ends with the pulse,
/// and with the thread that made it.
class Pulse {
public:
  /// Starts the process. There are no beats if the system refuses a process, its scheduling class or
  /// its CPUs.
  Pulse();
  Pulse(const Pulse&) = delete;
  Pulse& operator=(const Pulse&) = delete;
  ~Pulse();

  /// When it has beaten since `from_ns`, by the steady clock in nanoseconds, ascending: the last 8 s at
  /// most. Thread-safe.
  [[nodiscard]] std::vector<std::int64_t> beats_since(std::int64_t from_ns) const;

private:
  struct Shared;

  Shared* shared_ = nullptr;  ///< with the other process; null if there is none
  int process_ = -1;
};

}  // namespace lockbench::verify
