#pragma once

/// Reads what else the machine is doing: load, busy and stolen time.

#include <cstdint>

#include <nlohmann/json_fwd.hpp>

#include "harness/machine/facts/system_files.hpp"

namespace lockbench {

/// One reading of /proc/loadavg, /proc/stat and /proc/uptime. Ticks count up since boot, summed
/// over all CPUs of the machine (in a container: of its host).
struct Load {
  Probed<double> load_1min;
  Probed<double> load_5min;
  Probed<double> load_15min;
  Probed<std::int64_t> runnable_tasks;  ///< now, this one included
  Probed<std::int64_t> busy_ticks;      ///< neither idle nor stolen
  Probed<std::int64_t> steal_ticks;  ///< wanted by this machine, given to another by the hypervisor
  Probed<std::int64_t> total_ticks;
  Probed<double> uptime_s;
};

/// Shares of all CPU time between two readings, 0 … 1.
struct CpuShares {
  double busy = 0;
  double steal = 0;
};

[[nodiscard]] Load read_load(const SystemFiles& files = {});
/// A reason when either reading failed or no tick passed between them (a tick is often 10 ms).
[[nodiscard]] Probed<CpuShares> shares_between(const Load& before, const Load& after);

void to_json(nlohmann::json& json, const Load& load);

/// `read_load` as recorded before and after a run.
[[nodiscard]] nlohmann::json load_now(const SystemFiles& files = {});

}  // namespace lockbench
