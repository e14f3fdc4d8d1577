#include <fmt/format.h>
#include <linux/mempolicy.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "harness/machine/facts/peak_memory.hpp"
#include "harness/machine/facts/run_queue_wait.hpp"
#include "harness/machine/facts/thread_counters.hpp"
#include "harness/machine/probes/probes.hpp"

namespace lockbench {
namespace {

/// Nanoseconds that one call takes, as the median over a few batches.
template <typename Call>
double call_ns(Call call) {
  using Clock = std::chrono::steady_clock;
  constexpr int calls = 50;
  std::vector<double> batches_ns(9);
  for (double& batch_ns : batches_ns) {
    const auto start = Clock::now();
    for (int i = 0; i < calls; ++i) call();
    batch_ns = std::chrono::duration<double, std::nano>(Clock::now() - start).count() / calls;
  }
  return quantile(batches_ns, 0.5);
}

Measured<double> probe_counters_read(const SystemFiles& files) {
  const ThreadCounters counters(files);
  const auto is_known = [](const auto& source) { return source.known(); };
  if (std::ranges::none_of(counters.sources().all, is_known)) {
    return Unknown{"no counter of a thread can be opened"};
  }
  return call_ns([&] { (void)counters.read(); });
}

Measured<double> probe_run_queue_wait_read(const SystemFiles& files) {
  const RunQueueWait wait(files);
  if (!wait.unavailable().empty()) return Unknown{wait.unavailable()};
  return call_ns([&] { (void)wait.read_ns(); });
}

Measured<std::int64_t> probe_peak_memory(const SystemFiles& files) {
  const std::string refused = reset_peak(files);
  if (!refused.empty()) return Unknown{refused};
  return peak_rss_bytes(files);
}

Measured<std::string> probe_memory_policy() {
  int mode = 0;
  if (syscall(SYS_get_mempolicy, &mode, nullptr, 0UL, nullptr, 0UL) != 0) {
    return Unknown{fmt::format("get_mempolicy: {}", std::strerror(errno))};
  }
  switch (mode & ~MPOL_MODE_FLAGS) {
    case MPOL_DEFAULT: return std::string("default");
    case MPOL_PREFERRED: return std::string("preferred");
    case MPOL_BIND: return std::string("bind");
    case MPOL_INTERLEAVE: return std::string("interleave");
    case MPOL_LOCAL: return std::string("local");
    default: return fmt::format("policy {}", mode);
  }
}

}  // namespace

CostProbe probe_costs(const SystemFiles& files) {
  return {.counters_read_ns = probe_counters_read(files),
          .run_queue_wait_read_ns = probe_run_queue_wait_read(files),
          .peak_memory_bytes = probe_peak_memory(files),
          .memory_policy = probe_memory_policy()};
}

}  // namespace lockbench
