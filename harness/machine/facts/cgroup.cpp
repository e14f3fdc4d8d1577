#include "harness/machine/facts/cgroup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string>

namespace lockbench {
namespace {

/// A mounted hierarchy and this process's group in it, as one file system path.
struct Group {
  std::string mount_point;
  std::string directory;  ///< starts with `mount_point`
};

bool lists(std::string_view comma_list, std::string_view word) {
  return fmt::format(",{},", comma_list).find(fmt::format(",{},", word)) != std::string::npos;
}

/// The group within the hierarchy of `controller`, or within that of v2 where it is empty.
std::optional<Group> find_group(const SystemFiles& files, std::string_view controller) {
  std::optional<std::string> path;
  const auto groups = files.read("/proc/self/cgroup");
  if (!groups.known()) return std::nullopt;
  for (const std::string& line : split_lines(groups.value())) {  // id:controllers:path
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos || path) continue;
    const auto controllers = line.substr(first + 1, second - first - 1);
    const bool wanted =
        controller.empty() ? line.starts_with("0::") : lists(controllers, controller);
    if (wanted) path = line.substr(second + 1);
  }
  const auto mounts = files.read("/proc/self/mountinfo");
  if (!path || !mounts.known()) return std::nullopt;
  for (const std::string& line : split_lines(mounts.value())) {
    const auto words = split_words(line);
    const auto dash = std::ranges::find(words, "-");
    if (words.size() < 5 || words.end() - dash < 4) continue;
    const bool wanted = controller.empty() ? dash[1] == "cgroup2"
                                           : dash[1] == "cgroup" && lists(dash[3], controller);
    if (!wanted) continue;
    const auto& root = words[3];  // the group that is visible at the mount point
    const auto& point = words[4];
    // Inside a container the mount often shows only the container's own group.
    if (root != "/") path = path->starts_with(root) ? path->substr(root.size()) : std::string{};
    while (path->ends_with('/')) path->pop_back();
    return Group{point, point + *path};
  }
  return std::nullopt;
}

constexpr double no_quota = std::numeric_limits<double>::infinity();

double quota_of(const Probed<double>& granted_us, const Probed<double>& period_us) {
  const bool limited =
      granted_us.known() && period_us.known() && granted_us.value() > 0 && period_us.value() > 0;
  return limited ? granted_us.value() / period_us.value() : no_quota;
}

double quota_v2(const SystemFiles& files, const std::string& directory) {
  const auto text = files.read(directory + "/cpu.max");  // "max 100000" or "50000 100000"
  const auto words = text.known() ? split_words(text.value()) : std::vector<std::string>{};
  return words.size() == 2 ? quota_of(parse_number(words[0]), parse_number(words[1])) : no_quota;
}

double quota_v1(const SystemFiles& files, const std::string& directory) {
  return quota_of(files.read_number(directory + "/cpu.cfs_quota_us"),  // -1: none
                  files.read_number(directory + "/cpu.cfs_period_us"));
}

Probed<double> read_quota(const SystemFiles& files) {
  const std::array hierarchies{std::pair(find_group(files, ""), &quota_v2),
                               std::pair(find_group(files, "cpu"), &quota_v1)};
  Probed<double> least = Unknown{"no cgroup hierarchy with CPU quotas is mounted"};
  for (const auto& [group, quota_at] : hierarchies) {
    if (!group) continue;
    // Every ancestor up to the mount point may limit its descendants.
    for (std::string at = group->directory;; at.resize(at.rfind('/'))) {
      least = std::min(least.known() ? least.value() : no_quota, quota_at(files, at));
      if (at.size() <= group->mount_point.size()) break;
    }
  }
  return least;
}

Probed<std::vector<int>> read_cpuset(const SystemFiles& files) {
  const auto v2 = find_group(files, "");
  const auto v1 = find_group(files, "cpuset");
  for (const auto& [group, name] :
       {std::pair(v2, "/cpuset.cpus.effective"), std::pair(v1, "/cpuset.effective_cpus"),
        std::pair(v1, "/cpuset.cpus")}) {
    if (!group) continue;
    auto cpus = files.read(group->directory + name).then(parse_cpu_list);
    if (cpus.known() && !cpus->empty()) return cpus;
  }
  return Unknown{"no cpuset controls this process"};
}

}  // namespace

CgroupLimits read_cgroup_limits(const SystemFiles& files) {
  return {read_quota(files), read_cpuset(files)};
}

}  // namespace lockbench
