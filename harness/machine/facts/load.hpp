#pragma once

/// Reads what else the machine is doing, load, busy and stolen time, and tells what share of it others
/// used while this process worked.

#include <unistd.h>

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

/// CPU time of the machine and of this process at one moment. Taking it costs some µs, more on
/// machines with many CPUs, and allocates: outside the timed part.
struct CpuTimes {
  Load machine;
  /// Used by all threads of this process, and by children once they were waited for.
  double own_s = 0;
};
[[nodiscard]] CpuTimes cpu_times_now(const SystemFiles& files = {});

/// Shares of the time of all CPUs of the machine, 0 … 1.
struct OutsideLoad {
  double others = 0;  ///< used by others than this process: the best estimate
  /// Two standard errors below `others`, at least 0: what others used for certain. The kernel asks
  /// at each tick (mostly 10 ms) who has the CPU, so a share of few ticks is a guess; the error is
  /// that of a binomial share, with Agresti & Coull's (1998) two more on either side.
  double others_at_least = 0;
  double steal = 0;  ///< wanted by this machine, given to another by the hypervisor
};

/// Between two moments. Over a window of 15 ms on two CPUs, with three ticks, `others_at_least` can
/// hardly be more than 0: take the times around all windows of a process. A reason when the ticks
/// are unknown or none passed. Pure but for the default of `ticks_per_s`.
[[nodiscard]] Probed<OutsideLoad> outside_load(
    const CpuTimes& before, const CpuTimes& after,
    double ticks_per_s = static_cast<double>(sysconf(_SC_CLK_TCK)));

}  // namespace lockbench
