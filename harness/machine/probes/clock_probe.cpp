#include <ctime>

#include "harness/machine/probes/probes.hpp"

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
  unsigned eax = 0;
  unsigned ebx = 0;
  unsigned ecx = 0;
  unsigned edx = 0;
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

}  // namespace

ClockProbe probe_clocks() {
  return {
      .steady_now_ns = call_ns(clock_calls, [] { use(Clock::now().time_since_epoch().count()); }),
      .tsc_read_ns = probe_tsc(),
      .thread_cpu_ns = probe_thread_clock(),
      .resolution_ns = probe_resolution()};
}

}  // namespace lockbench
