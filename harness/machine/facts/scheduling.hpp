#pragma once

/// How the kernel schedules this process, and which real-time policies it allows.

#include <cstdint>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "harness/machine/facts/system_files.hpp"

namespace lockbench {

struct Scheduling {
  Probed<std::string> policy;     ///< "SCHED_OTHER", "SCHED_FIFO", …
  Probed<std::int64_t> priority;  ///< 1 … 99 under real-time policies, else 0
  Probed<std::int64_t> niceness;  ///< -20 … 19
  /// The highest real-time priority that the process may take without privileges; 0: none.
  Probed<std::int64_t> most_priority;
  /// Real-time threads may run this long in each period together, in µs; -1: for as long as they like.
  Probed<std::int64_t> runtime_us;
  Probed<std::int64_t> period_us;
};

/// Of the calling thread, which is the whole process as long as nothing in it says otherwise.
[[nodiscard]] Scheduling read_scheduling(const SystemFiles& files = {});

/// A policy under which a thread that is ready keeps all usual ones off its CPU.
[[nodiscard]] bool is_real_time(std::string_view policy);

/// As an object of its members.
void to_json(nlohmann::json& json, const Scheduling& scheduling);

}  // namespace lockbench
