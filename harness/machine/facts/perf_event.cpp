#include "harness/machine/facts/perf_event.hpp"

#include <fmt/format.h>
#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace lockbench {
namespace {

int open_event(const PerfEvent& event, int leader, bool with_kernel) {
  perf_event_attr attributes{};
  attributes.size = sizeof attributes;
  attributes.type = event.type;
  attributes.config = event.config;
  attributes.exclude_kernel = with_kernel ? 0 : 1;
  attributes.exclude_hv = 1;
  attributes.read_format =
      PERF_FORMAT_GROUP | PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
  return static_cast<int>(
      syscall(SYS_perf_event_open, &attributes, 0, -1, leader, PERF_FLAG_FD_CLOEXEC));
}

bool forbidden(int error) {
  return error == EACCES || error == EPERM;
}

}  // namespace

std::string explain_perf_error(int error, const SystemFiles& files) {
  std::string why = fmt::format("perf_event_open: {}", std::strerror(error));
  if (error == ENOENT || error == EOPNOTSUPP || error == ENODEV) {
    return why + "; the CPU or the hypervisor offers no such counter";
  }
  if (forbidden(error)) {
    const auto paranoid = files.read("/proc/sys/kernel/perf_event_paranoid");
    why += "; kernel.perf_event_paranoid is " + paranoid.value_or("unreadable");
  }
  return why;
}

Probed<std::string> PerfGroup::add(const PerfEvent& event, const SystemFiles& files) {
  if (events_.size() == most) return Unknown{fmt::format("a group has at most {} events", most)};
  const int leader = events_.empty() ? -1 : events_.front().get();
  std::string counts = "user and kernel";
  int raw = open_event(event, leader, true);
  // Without privileges only user space may be watched; that is still most of the work.
  if (raw < 0 && forbidden(errno) && !event.kernel_side) {
    counts = "user only";
    raw = open_event(event, leader, false);
  }
  if (raw < 0) return Unknown{explain_perf_error(errno, files)};
  events_.emplace_back(raw);
  return counts;
}

std::optional<PerfGroup::Reading> PerfGroup::read() const noexcept {
  if (events_.empty()) return std::nullopt;
  Reading reading;
  const auto expected = static_cast<ssize_t>((3 + events_.size()) * sizeof(std::uint64_t));
  if (::read(events_.front().get(), &reading, sizeof reading) != expected) return std::nullopt;
  return reading;
}

}  // namespace lockbench
