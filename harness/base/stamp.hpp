#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "harness/base/thread_events.hpp"

namespace lockbench {

using Clock = std::chrono::steady_clock;

/// A thread's clock and cost readings at one moment, taken by itself.
struct Stamp {
  Clock::time_point time{};
  double cpu_s = 0;
  std::int64_t voluntary_switches = 0;
  std::int64_t involuntary_switches = 0;
  CounterReading counters{};                        ///< empty without instruments
  std::optional<std::int64_t> run_queue_wait_ns{};  ///< likewise
};

}  // namespace lockbench
