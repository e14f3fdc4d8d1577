#pragma once

/// Reads how the control groups (v1 and v2) that containers and services set limit the CPUs.

#include <vector>

#include "harness/machine/facts/system_files.hpp"

namespace lockbench {

struct CgroupLimits {
  /// CPU seconds per second that the scheduler grants: the smallest quota of the group and its
  /// ancestors. Infinity when there is none: that is known, and not the same as not knowing.
  Probed<double> quota_cpus;
  /// The CPUs that the group may use; a reason when no cpuset controls them.
  Probed<std::vector<int>> cpus;
};

[[nodiscard]] CgroupLimits read_cgroup_limits(const SystemFiles& files = {});

}  // namespace lockbench
