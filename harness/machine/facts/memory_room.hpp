#pragma once

/// Reads how much memory there is to be had, and whether the kernel killed for want of it.

#include <cstdint>
#include <string>

#include "harness/machine/facts/system_files.hpp"

namespace lockbench {

/// Memory that this process and its children could get at most.
struct MemoryRoom {
  double bytes = 0;
  std::string limited_by;  ///< `the machine's memory`, `memory.max of /sys/fs/cgroup/box`
};

/// The least of what the machine has available and of what each control group, v1 or v2, leaves its
/// members. Free swap counts, and so do pages of files, which the kernel gives up first: whatever needs
/// more than this cannot fit. A reason where nothing of all that can be read.
[[nodiscard]] Probed<MemoryRoom> read_memory_room(const SystemFiles& files = {});

/// Bytes that the control group of this process may use before the kernel reclaims its pages and then kills: the smallest limit
/// of the group and its ancestors. Infinity when there is none.
[[nodiscard]] Probed<double> read_memory_limit(const SystemFiles& files = {});

/// How many processes the kernel has killed for want of memory: in the control group of this process, or
/// the nearest above it that tells, else on the whole machine. A rise during the life of a child that a
/// signal 9 ended says why.
[[nodiscard]] Probed<std::int64_t> read_oom_kills(const SystemFiles& files = {});

}  // namespace lockbench
