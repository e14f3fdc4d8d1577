#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <ctime>
#include <thread>

#include "harness/machine/probes/pinned_pair.hpp"
#include "harness/machine/probes/probes.hpp"

namespace lockbench {
namespace {

using Clock = std::chrono::steady_clock;

/// A flag that one thread sleeps on. No wait is without end.
class Doorbell {
public:
  void ring() noexcept {
    rung_.store(1, std::memory_order_release);  // (1) pairs with (2)
    syscall(SYS_futex, &rung_, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
  }

  /// Sleeps until rung, and takes the ring. False after the time limit.
  bool sleep_until_rung() noexcept {
    constexpr timespec limit{.tv_sec = 0, .tv_nsec = 200'000'000};
    const auto deadline = Clock::now() + std::chrono::milliseconds(200);
    while (rung_.load(std::memory_order_acquire) == 0) {  // (2)
      if (Clock::now() >= deadline) return false;
      syscall(SYS_futex, &rung_, FUTEX_WAIT_PRIVATE, 0, &limit, nullptr, 0);
    }
    rung_.store(0, std::memory_order_relaxed);
    return true;
  }

private:
  alignas(64) std::atomic<std::uint32_t> rung_{0};
};

}  // namespace

Probed<Spread> probe_wake_up_between(int waker_cpu, int sleeper_cpu, std::uint32_t rounds) {
  Doorbell request;
  Doorbell reply;
  std::atomic<Clock::time_point> called_at{};
  std::vector<double> latencies_us;
  latencies_us.reserve(rounds);
  // The waker gives the sleeper time to fall asleep by sleeping itself; then both CPUs are idle, as
  // they are when a blocked thread is handed a lock or a task after a pause.
  const auto wake = [&] {
    for (std::uint32_t round = 0; round < rounds; ++round) {
      std::this_thread::sleep_for(std::chrono::microseconds(100));
      called_at.store(Clock::now(), std::memory_order_relaxed);  // published by (1)
      request.ring();
      if (!reply.sleep_until_rung()) return;
    }
  };
  const auto sleep = [&] {
    for (std::uint32_t round = 0; round < rounds; ++round) {
      if (!request.sleep_until_rung()) return;
      const std::chrono::duration<double, std::micro> latency =
          Clock::now() - called_at.load(std::memory_order_relaxed);
      latencies_us.push_back(latency.count());
      reply.ring();
    }
  };
  const std::string failure = run_pinned_pair(waker_cpu, wake, sleeper_cpu, sleep);
  if (!failure.empty()) return Unknown{failure};
  if (latencies_us.size() < rounds) return Unknown{"a sleeper was not woken within 200 ms"};
  return spread_of(latencies_us);
}

WakeUpProbe probe_wake_up(const Topology& topology, const ProbeBudget& budget) {
  const auto pair = placement(topology, Pinning::compact, 2);
  if (pair.empty()) {
    const Unknown reason{"no usable CPU is known"};
    return {.other_cpu_us = reason, .same_cpu_us = reason};
  }
  WakeUpProbe probe;
  probe.same_cpu_us = probe_wake_up_between(pair[0], pair[0], budget.wake_ups);
  if (pair[0] == pair[1]) {
    probe.other_cpu_us = Unknown{"there is only one usable CPU"};
  } else {
    probe.other_cpu_us = probe_wake_up_between(pair[0], pair[1], budget.wake_ups);
  }
  return probe;
}

}  // namespace lockbench
