#pragma once

/// Random schedules: what makes rare interleavings frequent. Threads yield, spin and sleep at hook
/// points, and are stopped anywhere by a signal, in the middle of a lock-free operation too.

#include <pthread.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <span>
#include <thread>
#include <vector>

#include "harness/base/random.hpp"

namespace lockbench::verify {

struct Disturbance {
  std::uint32_t per_mille = 0;         ///< of the hook points passed that disturb
  std::uint32_t longest_sleep_us = 0;  ///< of the sleeps among them
};

/// How the calling thread is disturbed at hook points from now on.
void set_disturbance(Disturbance disturbance, std::uint64_t seed) noexcept;

/// A hook point: nothing, a yield, some spinning or a sleep. Fits `CriticalWork`.
void disturb() noexcept;

/// For hook points that only queues with planted bugs have, between a check and its act: half of them
/// are disturbed, whatever was set.
void disturb_roughly() noexcept;

/// A thread's last stop, and a request for one at the next hook point that it passes with
/// `disturb_or_stop`. All relaxed: to be read for sure once the thread has ended.
struct Stop {
  std::atomic<std::int64_t> length_ns{0};  ///< asked for; 0: none, or done
  std::atomic<std::int64_t> began_ns{0};   ///< by the steady clock, as below; 0: never
  std::atomic<std::int64_t> ended_ns{0};
};
/// Whose stop the calling thread serves; null: none.
void serve(Stop* stop) noexcept;
/// As `disturb`, or the stop that was asked for.
void disturb_or_stop() noexcept;

/// Stops threads for random times at random moments, by a signal whose handler sleeps. That also
/// ends their waits in the kernel with EINTR, as spurious wake-ups do.
class Preempter {
public:
  /// `threads` must live for as long as this does.
  Preempter(std::vector<pthread_t> threads, std::chrono::microseconds mean_pause,
            std::chrono::microseconds longest_stop, std::uint64_t seed);
  Preempter(const Preempter&) = delete;
  Preempter& operator=(const Preempter&) = delete;
  ~Preempter();

private:
  void preempt(std::chrono::microseconds mean_pause, std::chrono::microseconds longest_stop);

  std::vector<pthread_t> threads_;
  Random random_;
  std::atomic<bool> over_{false};
  std::thread thread_;
};

/// Stops `thread` where it is for `length`, by the same signal. False when it could not be sent.
bool stop_anywhere(pthread_t thread, std::chrono::microseconds length) noexcept;

}  // namespace lockbench::verify
