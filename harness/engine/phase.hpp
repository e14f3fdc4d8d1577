#pragma once

#include <atomic>
#include <cstdint>

namespace lockbench {

/// The stage of a window that the team is in. Set by the coordinator, read by every worker between
/// operations; never by anything that is timed.
enum class Phase : std::uint32_t {
  gather,   ///< workers spin until the last has arrived
  warm_up,  ///< operations count for verification only
  measure,  ///< operations count
  stop,     ///< finish the operation under way and leave
};

/// On a cache line of its own: during a window it is shared read-only by all cores.
struct alignas(64) PhaseFlag {
  std::atomic<Phase> value{Phase::gather};
};

}  // namespace lockbench
