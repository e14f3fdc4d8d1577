#include "harness/machine/facts/cgroup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <string>

namespace lockbench {
namespace {

bool lists(std::string_view comma_list, std::string_view word) {
  return fmt::format(",{},", comma_list).find(fmt::format(",{},", word)) != std::string::npos;
}

constexpr double no_quota = std::numeric_limits<double>::infinity();

double quota_of(const Probed<double>& granted_us, const Probed<double>& period_us) {
  const double granted = granted_us.value_or(0);
  const double period = period_us.value_or(0);
  return granted > 0 && period > 0 ? granted / period : no_quota;
}

/// The quota of one group, which is in one file in v2 and in two in v1.
double quota_at(const SystemFiles& files, const std::string& directory) {
  // "max 100000" or "50000 100000"
  const auto words = split_words(files.read(directory + "/cpu.max").value_or(""));
  if (words.size() == 2) return quota_of(parse_number(words[0]), parse_number(words[1]));
  return quota_of(files.read_number(directory + "/cpu.cfs_quota_us"),  // -1: none
                  files.read_number(directory + "/cpu.cfs_period_us"));
}

}  // namespace

std::optional<Cgroup> find_cgroup(const SystemFiles& files, std::string_view controller,
                                  std::string_view process) {
  std::optional<std::string> path;
  // id:controllers:path
  const auto groups = files.read(fmt::format("/proc/{}/cgroup", process)).value_or("");
  for (const std::string& line : split_lines(groups)) {
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos || path) continue;
    const auto controllers = line.substr(first + 1, second - first - 1);
    const bool wanted =
        controller.empty() ? line.starts_with("0::") : lists(controllers, controller);
    if (wanted) path = line.substr(second + 1);
  }
  if (!path) return std::nullopt;
  for (const std::string& line : split_lines(files.read("/proc/self/mountinfo").value_or(""))) {
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
    return Cgroup{point, point + *path};
  }
  return std::nullopt;
}

std::vector<std::string> directories_of(const std::optional<Cgroup>& group) {
  std::vector<std::string> directories;
  if (!group) return directories;
  for (std::string at = group->directory;; at.resize(at.rfind('/'))) {
    directories.push_back(at);
    if (at.size() <= group->mount_point.size()) return directories;
  }
}

Probed<double> read_cpu_quota(const SystemFiles& files) {
  Probed<double> least = Unknown{"no cgroup hierarchy with CPU quotas is mounted"};
  for (const auto& group : {find_cgroup(files, ""), find_cgroup(files, "cpu")}) {
    for (const auto& directory : directories_of(group)) {
      least = std::min(least.value_or(no_quota), quota_at(files, directory));
    }
  }
  return least;
}

Probed<std::vector<int>> read_cpuset(const SystemFiles& files) {
  const auto v2 = find_cgroup(files, "");
  const auto v1 = find_cgroup(files, "cpuset");
  for (const auto& [group, name] :
       {std::pair(v2, "/cpuset.cpus.effective"), std::pair(v1, "/cpuset.effective_cpus"),
        std::pair(v1, "/cpuset.cpus")}) {
    if (!group) continue;
    auto cpus = files.read(group->directory + name).then(parse_cpu_list);
    if (cpus.known() && !cpus->empty()) return cpus;
  }
  return Unknown{"no cpuset controls this process"};
}

bool FreezerWatch::is_frozen() {
  auto groups = files_.read(fmt::format("/proc/{}/cgroup", process_)).value_or("");
  if (groups != groups_) {
    groups_ = std::move(groups);
    state_files_.clear();
    if (const auto v2 = find_cgroup(files_, "", process_)) {
      state_files_.push_back(v2->directory + "/cgroup.events");
    }
    if (const auto v1 = find_cgroup(files_, "freezer", process_)) {
      state_files_.push_back(v1->directory + "/freezer.state");
    }
  }
  return std::ranges::any_of(state_files_, [this](const std::string& file) {
    const auto text = files_.read(file).value_or("");
    return text == "FROZEN" || text == "FREEZING" ||
           find_field(text, "frozen", ' ').value_or("") == "1";
  });
}

}  // namespace lockbench
