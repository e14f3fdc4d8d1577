#pragma once

/// Tells what share of the machine others used while this process worked.

#include <cstdint>

#include "harness/machine/facts/load.hpp"
#include "harness/machine/facts/probed.hpp"

namespace lockbench {

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
/// are unknown or none passed. Pure; `ticks_per_s` as sysconf(_SC_CLK_TCK).
[[nodiscard]] Probed<OutsideLoad> outside_load(const CpuTimes& before, const CpuTimes& after,
                                               double ticks_per_s);
/// The same with this system's ticks.
[[nodiscard]] Probed<OutsideLoad> outside_load(const CpuTimes& before, const CpuTimes& after);

}  // namespace lockbench
