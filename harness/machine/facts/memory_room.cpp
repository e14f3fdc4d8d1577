#include "harness/machine/facts/memory_room.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "harness/machine/facts/cgroup.hpp"

namespace lockbench {
namespace {

/// How v1 and v2 call the same things. The hierarchy of v2 has no controller in its name.
struct MemoryFiles {
  std::string_view controller;
  std::string_view
      limit;  ///< `max` in v2, and a number beyond any memory in v1, where there is none
  std::string_view used;
  std::string_view inactive_pages;  ///< of files, with those of descendants, in memory.stat
  std::string_view active_pages;
  std::string_view events;  ///< the file that counts `oom_kill`
};
constexpr std::array<MemoryFiles, 2> hierarchies{
    {{"", "memory.max", "memory.current", "inactive_file", "active_file", "memory.events"},
     {"memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file",
      "total_active_file", "memory.oom_control"}}};

double number_of(const Probed<std::string>& text, std::string_view key) {
  return find_field(text, key, ' ').then(parse_number).value_or(0);
}

/// What one group leaves its members; a reason where it sets no limit.
Probed<MemoryRoom> room_in(const SystemFiles& files, const MemoryFiles& names,
                           const std::string& directory) {
  const auto limit = files.read_number(fmt::format("{}/{}", directory, names.limit));
  const auto used = files.read_number(fmt::format("{}/{}", directory, names.used));
  if (!limit.known() || !used.known()) return Unknown{"no limit"};
  const auto statistics = files.read(directory + "/memory.stat");
  const double pages_of_files =
      number_of(statistics, names.inactive_pages) + number_of(statistics, names.active_pages);
  return MemoryRoom{std::max(0.0, limit.value() - used.value() + pages_of_files),
                    fmt::format("{} of {}", names.limit, directory)};
}

}  // namespace

Probed<MemoryRoom> read_memory_room(const SystemFiles& files) {
  const auto meminfo = files.read("/proc/meminfo");
  const auto available = find_bytes(meminfo, "MemAvailable");
  const auto swap = static_cast<double>(find_bytes(meminfo, "SwapFree").value_or(0));
  auto least = available.then([](std::int64_t bytes) {
    return MemoryRoom{static_cast<double>(bytes), "the machine's memory"};
  });
  for (const auto& names : hierarchies) {
    for (const auto& directory : directories_of(find_cgroup(files, names.controller))) {
      const auto room = room_in(files, names, directory);
      if (room.known() && (!least.known() || room->bytes < least->bytes)) least = room;
    }
  }
  return least.then([swap](MemoryRoom room) {
    room.bytes += swap;
    return room;
  });
}

Probed<double> read_memory_limit(const SystemFiles& files) {
  constexpr double none_from = 0x1p62;  // v1 says none by a number near the largest
  constexpr double no_limit = std::numeric_limits<double>::infinity();
  Probed<double> least = Unknown{"no cgroup hierarchy with memory limits is mounted"};
  for (const auto& names : hierarchies) {
    for (const auto& directory : directories_of(find_cgroup(files, names.controller))) {
      const double limit =
          files.read_number(fmt::format("{}/{}", directory, names.limit)).value_or(no_limit);
      least = std::min(least.value_or(no_limit), limit < none_from ? limit : no_limit);
    }
  }
  return least;
}

Probed<std::int64_t> read_oom_kills(const SystemFiles& files) {
  const auto count_in = [&](const std::string& file) {
    return whole(find_field(files.read(file), "oom_kill", ' ').then(parse_number));
  };
  for (const auto& names : hierarchies) {
    for (const auto& directory : directories_of(find_cgroup(files, names.controller))) {
      auto kills = count_in(fmt::format("{}/{}", directory, names.events));
      if (kills.known()) return kills;
    }
  }
  return count_in("/proc/vmstat");
}

}  // namespace lockbench
