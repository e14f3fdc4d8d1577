#pragma once

/// Tells from a heartbeat whether a process was stopped as a whole: by a signal, in a container that
/// was paused, or with its machine. Pure.

#include "harness/base/cell.hpp"

namespace lockbench {

/// What one thread noted of one sleep.
struct Beat {
  double asked_s = 0;     ///< the longest that it should take
  double took_s = 0;      ///< by a clock that goes on while the machine is suspended
  Cell run_queue_wait_s;  ///< of that thread, meanwhile; empty where the kernel does not tell
};

/// Lateness below this may be the doing of a hypervisor, or of a quota, whose usual period this is.
inline constexpr double shortest_stop_s = 0.1;
/// The same where the kernel does not tell how long the thread waited for a CPU.
inline constexpr double shortest_stop_unknown_wait_s = 1;

/// Returns how long the process was stopped in this beat, at least; 0 where load may be the reason.
[[nodiscard]] double stopped_s(const Beat& beat) noexcept;

}  // namespace lockbench
