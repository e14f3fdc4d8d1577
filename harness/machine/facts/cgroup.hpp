#pragma once

/// Reads the control groups (v1 and v2) that containers and services set: how they limit the CPUs, and
/// whether they are frozen. What they leave of memory is in memory_room.hpp.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/machine/facts/system_files.hpp"

namespace lockbench {

/// A mounted hierarchy and a process's group in it, as one file system path.
struct Cgroup {
  std::string mount_point;
  std::string directory;  ///< starts with `mount_point`
};

/// The group of a process within the hierarchy of `controller`, or within that of v2 where that is
/// empty. `process`: its number, or `self`.
[[nodiscard]] std::optional<Cgroup> find_cgroup(const SystemFiles& files,
                                                std::string_view controller,
                                                std::string_view process = "self");
/// The directories of the group and of those of its ancestors that can be seen, the group's first. Each
/// may limit those before it.
[[nodiscard]] std::vector<std::string> directories_of(const std::optional<Cgroup>& group);

/// CPU seconds per second that the scheduler grants: the smallest quota of the group and its
/// ancestors. Infinity when there is none: that is known, and not the same as not knowing.
[[nodiscard]] Probed<double> read_cpu_quota(const SystemFiles& files = {});
/// The CPUs that the group may use; a reason when no cpuset controls them.
[[nodiscard]] Probed<std::vector<int>> read_cpuset(const SystemFiles& files = {});

/// Looks whether a process's group, or one above it, is frozen, as a paused container's is. The state of
/// the process in /proc does not show that: it may be any of the sleeping ones.
class FreezerWatch {
public:
  /// `process`: its number, or `self`.
  explicit FreezerWatch(std::string process, SystemFiles files = {})
      : process_(std::move(process)), files_(std::move(files)) {}
  /// Costs some µs; more only when the process has got another group, since all mounts are read then.
  [[nodiscard]] bool is_frozen();

private:
  std::string process_;
  SystemFiles files_;
  std::string groups_;  ///< those that the next are of
  std::vector<std::string> state_files_;
};

}  // namespace lockbench
