#pragma once

/// How the kernel schedules this program, and which real-time policies it allows.

#include <cstdint>

#include <nlohmann/json_fwd.hpp>

#include "harness/base/scheduling.hpp"
#include "harness/machine/facts/system_files.hpp"

namespace lockbench {

struct Scheduling {
  InheritedPolicy policy;
  Probed<std::int64_t> niceness;  ///< -20 … 19
  /// The highest real-time priority that the process may take without privileges; 0: none.
  Probed<std::int64_t> most_priority;
  /// Real-time threads may run this long in each period together, in µs; -1: for as long as they like.
  Probed<std::int64_t> runtime_us;
  Probed<std::int64_t> period_us;
};

[[nodiscard]] Scheduling read_scheduling(const SystemFiles& files = {});

/// As an object of its members; of the policy `inherited` and `measured_with`.
void to_json(nlohmann::json& json, const Scheduling& scheduling);

}  // namespace lockbench
