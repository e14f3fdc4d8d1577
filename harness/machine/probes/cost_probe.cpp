#include <fmt/format.h>
#include <linux/mempolicy.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "harness/machine/facts/peak_memory.hpp"
#include "harness/machine/facts/run_queue_wait.hpp"
#include "harness/machine/facts/thread_counters.hpp"
#include "harness/machine/probes/probes.hpp"
#include "harness/machine/probes/timing.hpp"

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#include <x86intrin.h>
#endif

namespace lockbench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int clock_calls = 1000;

/// Makes the compiler believe that `value` is needed.
void use(auto value) {
  asm volatile("" : : "r"(value) : "memory");
}

Probed<double> probe_tsc() {
#if defined(__x86_64__) || defined(__i386__)
  constexpr unsigned leaf = 0x80000007;
  constexpr unsigned invariant_bit = 1U << 8;
  std::array<unsigned, 4> registers{};
  auto& [eax, ebx, ecx, edx] = registers;
  if (__get_cpuid(leaf, &eax, &ebx, &ecx, &edx) == 0 || (edx & invariant_bit) == 0) {
    return Unknown{"the time stamp counter does not promise a constant rate"};
  }
  return call_ns(clock_calls, [] { use(__rdtsc()); });
#else
  return Unknown{"not an x86 CPU"};
#endif
}

Probed<double> probe_thread_clock() {
  timespec time{};
  if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) != 0) {
    return Unknown{"CLOCK_THREAD_CPUTIME_ID is not there"};
  }
  return call_ns(clock_calls, [&] {
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    use(time.tv_nsec);
  });
}

Probed<double> probe_resolution() {
  double least_ns = 0;
  for (int i = 0; i < 2000; ++i) {
    const auto before = Clock::now();
    const double step_ns = std::chrono::duration<double, std::nano>(Clock::now() - before).count();
    if (step_ns > 0 && (least_ns == 0 || step_ns < least_ns)) least_ns = step_ns;
  }
  if (least_ns == 0) return Unknown{"steady_clock did not move over 2,000 readings"};
  return least_ns;
}

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
    return system_error_at("get_mempolicy");
  }
  static constexpr std::array<std::string_view, 5> names{"default", "preferred", "bind",
                                                         "interleave", "local"};
  static_assert(MPOL_PREFERRED == 1 && MPOL_BIND == 2 && MPOL_INTERLEAVE == 3 && MPOL_LOCAL == 4);
  const auto policy = static_cast<std::size_t>(mode & ~MPOL_MODE_FLAGS);
  return policy < names.size() ? std::string(names[policy]) : fmt::format("policy {}", mode);
}

}  // namespace

ClockProbe probe_clocks() {
  return {
      .steady_now_ns = call_ns(clock_calls, [] { use(Clock::now().time_since_epoch().count()); }),
      .tsc_read_ns = probe_tsc(),
      .thread_cpu_ns = probe_thread_clock(),
      .resolution_ns = probe_resolution()};
}

CostProbe probe_costs(const SystemFiles& files) {
  return {.counters_read_ns = probe_counters_read(files),
          .run_queue_wait_read_ns = probe_run_queue_wait_read(files),
          .peak_memory_bytes = probe_peak_memory(files),
          .memory_policy = probe_memory_policy()};
}

}  // namespace lockbench
