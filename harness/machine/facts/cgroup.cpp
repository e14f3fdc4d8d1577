#include "harness/machine/facts/cgroup.hpp"

#include <fmt/format.h>

#include <algorithm>
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

struct Mount {
  std::string root;  ///< the group that is visible at `point`
  std::string point;
};

bool lists(std::string_view comma_list, std::string_view word) {
  return fmt::format(",{},", comma_list).find(fmt::format(",{},", word)) != std::string::npos;
}

/// `controller` empty: the v2 hierarchy.
std::optional<Mount> find_mount(const SystemFiles& files, std::string_view controller) {
  const auto text = files.read("/proc/self/mountinfo");
  if (!text.known()) return std::nullopt;
  for (const std::string& line : split_lines(text.value())) {
    const auto words = split_words(line);
    const auto dash = std::ranges::find(words, "-");
    if (words.size() < 5 || words.end() - dash < 4) continue;
    const bool wanted = controller.empty() ? dash[1] == "cgroup2"
                                           : dash[1] == "cgroup" && lists(dash[3], controller);
    if (wanted) return Mount{words[3], words[4]};
  }
  return std::nullopt;
}

std::optional<std::string> find_path(const SystemFiles& files, std::string_view controller) {
  const auto text = files.read("/proc/self/cgroup");
  if (!text.known()) return std::nullopt;
  for (const std::string& line : split_lines(text.value())) {  // id:controllers:path
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const bool wanted =
        controller.empty() ? line.starts_with("0::") : lists(controllers, controller);
    if (wanted) return line.substr(second + 1);
  }
  return std::nullopt;
}

std::optional<Group> find_group(const SystemFiles& files, std::string_view controller) {
  const auto mount = find_mount(files, controller);
  const auto path = find_path(files, controller);
  if (!mount || !path) return std::nullopt;
  // Inside a container the mount often shows only the container's own group.
  std::string below = *path;
  if (mount->root != "/") {
    below = below.starts_with(mount->root) ? below.substr(mount->root.size()) : std::string{};
  }
  while (below.ends_with('/')) below.pop_back();
  return Group{mount->point, mount->point + below};
}

/// Calls `visit` with the group's directory and each of its ancestors.
template <typename Visit>
void for_each_ancestor(const Group& group, Visit visit) {
  std::string directory = group.directory;
  for (;;) {
    visit(directory);
    if (directory.size() <= group.mount_point.size()) return;
    directory.resize(directory.rfind('/'));
  }
}

constexpr double no_quota = std::numeric_limits<double>::infinity();

double quota_v2(const SystemFiles& files, const std::string& directory) {
  const auto text = files.read(directory + "/cpu.max");  // "max 100000" or "50000 100000"
  if (!text.known()) return no_quota;
  const auto words = split_words(text.value());
  if (words.size() != 2) return no_quota;
  const auto quota = parse_number(words[0]);
  const auto period = parse_number(words[1]);
  if (!quota.known() || !period.known() || period.value() <= 0) return no_quota;
  return quota.value() / period.value();
}

double quota_v1(const SystemFiles& files, const std::string& directory) {
  const auto quota = files.read_number(directory + "/cpu.cfs_quota_us");  // -1: none
  const auto period = files.read_number(directory + "/cpu.cfs_period_us");
  if (!quota.known() || !period.known() || quota.value() <= 0 || period.value() <= 0) {
    return no_quota;
  }
  return quota.value() / period.value();
}

Measured<double> read_quota(const SystemFiles& files) {
  const auto v2 = find_group(files, "");
  const auto v1 = find_group(files, "cpu");
  if (!v2 && !v1) return Unknown{"no cgroup hierarchy with CPU quotas is mounted"};
  double least = no_quota;
  if (v2) {
    for_each_ancestor(*v2, [&](const std::string& directory) {
      least = std::min(least, quota_v2(files, directory));
    });
  }
  if (v1) {
    for_each_ancestor(*v1, [&](const std::string& directory) {
      least = std::min(least, quota_v1(files, directory));
    });
  }
  return least;
}

Measured<std::vector<int>> read_cpuset(const SystemFiles& files) {
  std::vector<std::string> candidates;
  if (const auto v2 = find_group(files, "")) {
    candidates.push_back(v2->directory + "/cpuset.cpus.effective");
  }
  if (const auto v1 = find_group(files, "cpuset")) {
    candidates.push_back(v1->directory + "/cpuset.effective_cpus");
    candidates.push_back(v1->directory + "/cpuset.cpus");
  }
  for (const std::string& candidate : candidates) {
    const auto text = files.read(candidate);
    if (!text.known()) continue;
    if (auto cpus = parse_cpu_list(text.value()); !cpus.empty()) return cpus;
  }
  return Unknown{"no cpuset controls this process"};
}

}  // namespace

CgroupLimits read_cgroup_limits(const SystemFiles& files) {
  return {read_quota(files), read_cpuset(files)};
}

}  // namespace lockbench
