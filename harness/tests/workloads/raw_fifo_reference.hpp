#pragma once

/// What the lock-free packages do in a loop written by hand, to hold the engine's `raw_fifo` against.
/// Shares no code with the engine, or else both could be wrong in the same way.

#include <cstddef>
#include <cstdint>

namespace lockbench::raw_fifo_reference {

struct Setup {
  int producer_cpu = 0;
  int consumer_cpu = 1;
  double warm_up_s = 0.003;
  double window_s = 0.015;
  std::uint32_t capacity = 65536;
  std::uint64_t most_in_flight = 32768;  ///< the producer keeps to about this
};

struct Outcome {
  double operations_s = 0;  ///< pushes and pops a second of the window
  bool in_order = true;     ///< each pop gave the value that was pushed next
};

/// One window of a new queue and two new threads, each on its CPU. Throws `std::system_error` when a thread cannot be started or pinned. The values are 1, 2, 3, …, so the order is checked as well.
[[nodiscard]] Outcome run_boost_lockfree(const Setup& setup);
[[nodiscard]] Outcome run_moodycamel(const Setup& setup);

}  // namespace lockbench::raw_fifo_reference
