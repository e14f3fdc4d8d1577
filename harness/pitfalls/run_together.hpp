#pragma once

/// For all demonstrations: threads that begin together, and the clock.

#include <time.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

#include "strategies/locks/cpu_relax.hpp"

namespace lockbench::pitfalls {

using Clock = std::chrono::steady_clock;

[[nodiscard]] inline double milliseconds(Clock::duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}
[[nodiscard]] inline double microseconds(Clock::duration duration) {
  return std::chrono::duration<double, std::micro>(duration).count();
}
[[nodiscard]] inline double seconds(Clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

[[nodiscard]] inline timespec to_timespec(std::chrono::nanoseconds since_epoch) noexcept {
  const auto whole = std::chrono::floor<std::chrono::seconds>(since_epoch);
  return {.tv_sec = whole.count(), .tv_nsec = (since_epoch - whole).count()};
}

/// The CPU time that the calling thread has used; time in which other threads ran does not count.
[[nodiscard]] inline std::chrono::nanoseconds cpu_time() noexcept {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

/// Keeps the CPU busy for this time, without yielding.
inline void spin_for(Clock::duration duration) noexcept {
  for (const auto end = Clock::now() + duration; Clock::now() < end;) cpu_relax();
}

/// Lets `expected` threads go on when the last of them has arrived, once. Waiting threads spin, so that
/// they begin within a fraction of a microsecond, and yield now and then, since there may be more
/// threads than CPUs.
class StartGate {
public:
  explicit StartGate(std::uint32_t expected) noexcept : missing_(expected) {}

  void arrive_and_wait() noexcept {
    missing_.fetch_sub(1, std::memory_order_acq_rel);
    for (unsigned looks = 0; missing_.load(std::memory_order_acquire) != 0; ++looks) {
      if (looks % 64 == 63) {
        std::this_thread::yield();
      } else {
        cpu_relax();
      }
    }
  }

private:
  std::atomic<std::uint32_t> missing_;
};

/// Runs `role(index)` on `threads` threads that begin together. Returns the time until all had ended.
template <class Role>
Clock::duration run_together(std::uint32_t threads, Role role) {
  StartGate gate(threads + 1);
  std::vector<std::jthread> team;
  team.reserve(threads);
  for (std::uint32_t index = 0; index < threads; ++index) {
    team.emplace_back([&gate, &role, index] {
      gate.arrive_and_wait();
      role(index);
    });
  }
  gate.arrive_and_wait();
  const auto start = Clock::now();
  team.clear();  // joins
  return Clock::now() - start;
}

/// Does the same with `role(index, running)`, which is to end once `running` is false: after `window`.
template <class Role>
Clock::duration run_for(Clock::duration window, std::uint32_t threads, Role role) {
  std::atomic<bool> running{true};
  const std::jthread clock([&] {
    std::this_thread::sleep_for(window);
    running = false;
  });
  return run_together(threads, [&](std::uint32_t index) { role(index, running); });
}

}  // namespace lockbench::pitfalls
