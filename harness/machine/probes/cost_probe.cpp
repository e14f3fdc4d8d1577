#include <fmt/format.h>
#include <linux/mempolicy.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "harness/machine/facts/peak_memory.hpp"
#include "harness/machine/facts/run_queue_wait.hpp"
#include "harness/machine/facts/thread_counters.hpp"
#include "harness/machine/probes/probes.hpp"

namespace lockbench {
namespace {

constexpr int cost_calls = 50;  // each enters the kernel

Probed<double> probe_counters_read(const SystemFiles& files) {
  const ThreadCounters counters(files);
  if (std::ranges::none_of(counters.sources().all, &Probed<std::string>::known)) {
    return Unknown{"no counter of a thread can be opened"};
  }
  return call_ns(cost_calls, [&] { (void)counters.read(); });
}

Probed<double> probe_run_queue_wait_read(const SystemFiles& files) {
  const RunQueueWait wait(files);
  if (!wait.unavailable().empty()) return Unknown{wait.unavailable()};
  return call_ns(cost_calls, [&] { (void)wait.read_ns(); });
}

Probed<std::int64_t> probe_peak_memory(const SystemFiles& files) {
  const std::string refused = reset_peak(files);
  if (!refused.empty()) return Unknown{refused};
  return peak_rss_bytes(files);
}

Probed<std::string> probe_memory_policy() {
  int mode = 0;
  if (syscall(SYS_get_mempolicy, &mode, nullptr, 0UL, nullptr, 0UL) != 0) {
    return Unknown{fmt::format("get_mempolicy: {}", std::strerror(errno))};
  }
  static constexpr std::array<std::string_view, 5> names{"default", "preferred", "bind",
                                                         "interleave", "local"};
  static_assert(MPOL_PREFERRED == 1 && MPOL_BIND == 2 && MPOL_INTERLEAVE == 3 && MPOL_LOCAL == 4);
  const auto policy = static_cast<std::size_t>(mode & ~MPOL_MODE_FLAGS);
  return policy < names.size() ? std::string(names[policy]) : fmt::format("policy {}", mode);
}

}  // namespace

CostProbe probe_costs(const SystemFiles& files) {
  return {.counters_read_ns = probe_counters_read(files),
          .run_queue_wait_read_ns = probe_run_queue_wait_read(files),
          .peak_memory_bytes = probe_peak_memory(files),
          .memory_policy = probe_memory_policy()};
}

}  // namespace lockbench
