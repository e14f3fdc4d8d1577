#pragma once

/// Reads how the control groups (v1 and v2) that containers and services set limit CPUs and memory.

#include <vector>

#include "harness/machine/facts/system_files.hpp"

namespace lockbench {

/// CPU seconds per second that the scheduler grants: the smallest quota of the group and its
/// ancestors. Infinity when there is none: that is known, and not the same as not knowing.
[[nodiscard]] Probed<double> read_cpu_quota(const SystemFiles& files = {});
/// Bytes that the group may use before the kernel reclaims its pages and then kills: the smallest limit
/// of the group and its ancestors. Infinity when there is none.
[[nodiscard]] Probed<double> read_memory_limit(const SystemFiles& files = {});
/// The CPUs that the group may use; a reason when no cpuset controls them.
[[nodiscard]] Probed<std::vector<int>> read_cpuset(const SystemFiles& files = {});

}  // namespace lockbench
