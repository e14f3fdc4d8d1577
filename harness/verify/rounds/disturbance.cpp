#include "harness/verify/rounds/disturbance.hpp"

#include <sched.h>
#include <sys/prctl.h>

#include <cerrno>
#include <csignal>
#include <ctime>
#include <utility>

#include "strategies/locks/cpu_relax.hpp"

namespace lockbench::verify {
namespace {

constexpr int stop_signal = SIGUSR2;

struct ThreadState {
  Disturbance disturbance;
  Random random{0};
  Stop* stop = nullptr;
};
thread_local ThreadState thread_state;

void sleep_ns(std::int64_t ns) noexcept {
  timespec rest{.tv_sec = ns / 1'000'000'000, .tv_nsec = ns % 1'000'000'000};
  while (::nanosleep(&rest, &rest) != 0 && errno == EINTR) {
  }
}

std::int64_t now_ns() noexcept {
  return std::chrono::steady_clock::now().time_since_epoch().count();
}

/// Stops the calling thread, and notes the times in `stop`.
void stop_for(std::int64_t ns, Stop* stop) noexcept {
  if (stop != nullptr) stop->began_ns.store(now_ns(), std::memory_order_relaxed);
  sleep_ns(ns);
  if (stop != nullptr) stop->ended_ns.store(now_ns(), std::memory_order_relaxed);
}

/// Async-signal-safe: nanosleep and clock_gettime are on POSIX's list, and the atomics are lock-free.
extern "C" void stop_here(int /*signal*/, siginfo_t* info, void* /*context*/) {
  const int saved = errno;
  stop_for(std::int64_t{info->si_value.sival_int} * 1000, thread_state.stop);
  errno = saved;
}

void catch_stops() noexcept {
  static const bool caught = [] {
    struct sigaction action {};
    action.sa_sigaction = stop_here;
    action.sa_flags = SA_SIGINFO;  // not SA_RESTART: waits in the kernel are to be cut short
    return ::sigaction(stop_signal, &action, nullptr) == 0;
  }();
  (void)caught;
}

}  // namespace

void set_disturbance(Disturbance disturbance, std::uint64_t seed, Stop* stop) noexcept {
  thread_state = {disturbance, Random(seed), stop};
}

void disturb() noexcept {
  const auto [per_mille, longest_sleep_us] = thread_state.disturbance;
  if (per_mille == 0 || thread_state.random.below(1000) >= per_mille) return;
  const auto kind = thread_state.random.below(10);
  if (kind < 5 || longest_sleep_us == 0) {
    ::sched_yield();
  } else if (kind < 8) {
    for (auto turns = thread_state.random.below(200); turns > 0; --turns) cpu_relax();
  } else {
    sleep_ns(std::int64_t{thread_state.random.below(longest_sleep_us)} * 1000);
  }
}

void disturb_roughly() noexcept {
  constexpr std::uint32_t longest_us = 300;
  switch (thread_state.random.below(4)) {
    case 0: ::sched_yield(); return;
    case 1: sleep_ns(std::int64_t{50 + thread_state.random.below(longest_us - 50)} * 1000); return;
    default: return;
  }
}

void disturb_or_stop() noexcept {
  if (thread_state.stop != nullptr) {
    if (const auto length = thread_state.stop->length_ns.exchange(0, std::memory_order_relaxed)) {
      stop_for(length, thread_state.stop);
      return;
    }
  }
  disturb();
}

bool stop_anywhere(pthread_t thread, std::chrono::microseconds length) noexcept {
  catch_stops();
  sigval value{};
  value.sival_int = static_cast<int>(length.count());
  return ::pthread_sigqueue(thread, stop_signal, value) == 0;
}

std::jthread preempt(std::vector<pthread_t> threads, std::uint64_t seed) {
  return std::jthread(
      [threads = std::move(threads), random = Random(seed)](const std::stop_token& over) mutable {
        // Many short stops hit more places, and long ones let others do more meanwhile.
        const bool often = random.below(2) == 0;
        const std::uint32_t longest_pause_us = often ? 20 : 200;
        const std::uint32_t longest_stop_us = often ? 30 : 300;
        ::prctl(PR_SET_TIMERSLACK, 1UL);  // or else the shortest pause would be 50 µs
        while (!over.stop_requested()) {
          sleep_ns(std::int64_t{random.below(longest_pause_us)} * 1000);
          const auto victim = random.below(static_cast<std::uint32_t>(threads.size()));
          (void)stop_anywhere(threads[victim],
                              std::chrono::microseconds(random.below(longest_stop_us)));
        }
      });
}

}  // namespace lockbench::verify
