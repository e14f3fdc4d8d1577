#pragma once

/// Random schedules make rare interleavings frequent. Threads yield, spin and sleep at hook points, and
/// a signal stops them anywhere, even in the middle of a lock-free operation.

#include <pthread.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

#include "harness/base/random.hpp"

namespace lockbench::verify {

struct Disturbance {
  std::uint32_t per_mille = 0;         ///< share of hook points at which something happens
  std::uint32_t longest_sleep_us = 0;  ///< 0: no sleeps
};

/// A request that a thread stop at its next `disturb_or_stop`, and when it last stopped. All accesses
/// are relaxed: the values are certain only once the thread has ended.
struct Stop {
  std::atomic<std::int64_t> length_ns{0};  ///< asked for; 0: none, or done
  std::atomic<std::int64_t> began_ns{0};   ///< by the steady clock; 0: never
  std::atomic<std::int64_t> ended_ns{0};
};

/// Sets how the calling thread is disturbed at hook points from now on, and the request that it serves.
void set_disturbance(Disturbance disturbance, std::uint64_t seed, Stop* stop = nullptr) noexcept;

/// A hook point: does nothing, yields, spins or sleeps. Fits `CriticalWork`.
void disturb() noexcept;

/// A hook point between a check and its act, which only queues with planted bugs have: half of these
/// yield or sleep, whatever was set.
void disturb_roughly() noexcept;

/// A hook point that stops if that was asked for, and otherwise does as `disturb`.
void disturb_or_stop() noexcept;

/// Stops `threads` for random times at random moments, by a signal whose handler sleeps. The signal
/// also ends their waits in the kernel with EINTR, as spurious wake-ups do. Lasts until the thread that
/// it returns is asked to stop; `threads` must live until then.
[[nodiscard]] std::jthread preempt(std::vector<pthread_t> threads, std::uint64_t seed);

/// Stops `thread` for `length` wherever it is, by the same signal. Returns false if that cannot be sent.
bool stop_anywhere(pthread_t thread, std::chrono::microseconds length) noexcept;

}  // namespace lockbench::verify
