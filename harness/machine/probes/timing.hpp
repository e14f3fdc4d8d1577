#pragma once

/// How long a call takes, and a fixed piece of single-threaded work whose time tells how fast this CPU
/// runs right now.

#include <array>
#include <chrono>
#include <cstdint>

#include "harness/metrics/statistics.hpp"

namespace lockbench {

/// Nanoseconds that one `call` takes: the median over a few batches of `calls` each, so that an
/// interrupt does not move it.
template <std::size_t batches = 9>
[[nodiscard]] double call_ns(int calls, auto&& call) {
  constexpr auto now = std::chrono::steady_clock::now;
  std::array<double, batches> batches_ns{};
  for (double& batch_ns : batches_ns) {
    const auto start = now();
    for (int i = 0; i < calls; ++i) call();
    batch_ns = std::chrono::duration<double, std::nano>(now() - start).count() / calls;
  }
  return median(batches_ns);
}

inline constexpr int spin_loop_steps = 1000;

/// `spin_loop_steps` integer steps, each needing the result of the one before: no memory, no
/// branches to predict, nothing to overlap.
[[nodiscard]] inline std::uint64_t run_spin_loop(std::uint64_t value) noexcept {
  for (int step = 0; step < spin_loop_steps; ++step) {
    value ^= value >> 29;
    value *= 0x9E3779B97F4A7C15U;  // 2^64 / golden ratio: odd, so nothing is ever lost
  }
  return value;
}

/// Keeps the calling thread busy with that many spin loops.
inline void burn_spin_loops(int loops) noexcept {
  std::uint64_t value = 1;
  for (int loop = 0; loop < loops; ++loop) value = run_spin_loop(value);
  asm volatile("" : "+r"(value) : : "memory");  // nothing else needs the result
}

/// Nanoseconds that one `run_spin_loop` takes, as the median of a few runs: about 30 µs in all.
/// Moves with the clock rate, with a busy SMT sibling and with what a hypervisor takes away.
[[nodiscard]] inline double spin_loop_ns() {
  std::uint64_t value = 1;
  return call_ns<15>(1, [&] {
    asm volatile("" : "+r"(value) : : "memory");  // the work starts after the clock was read
    value = run_spin_loop(value);
    asm volatile("" : "+r"(value) : : "memory");  // and is done before it is read again
  });
}

}  // namespace lockbench
