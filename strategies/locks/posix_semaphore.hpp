#pragma once

#include <semaphore.h>
#include <time.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>

#include "strategies/task_queue.hpp"

namespace lockbench {

/// Counting semaphore of the system. Not `std::counting_semaphore`, whose waits can miss a release
/// and sleep on in libstdc++ 12 (GCC bugs 98033 and 104928).
class PosixSemaphore {
public:
  PosixSemaphore() {
    if (sem_init(&semaphore_, 0, 0) != 0) fail("sem_init");
  }
  ~PosixSemaphore() { sem_destroy(&semaphore_); }
  PosixSemaphore(const PosixSemaphore&) = delete;
  PosixSemaphore& operator=(const PosixSemaphore&) = delete;

  /// Throws `std::system_error` at 2^31 - 1 permits.
  void release() {
    if (sem_post(&semaphore_) != 0) fail("sem_post");
  }

  [[nodiscard]] bool try_acquire() noexcept {
    int outcome = sem_trywait(&semaphore_);
    while (outcome != 0 && errno == EINTR) outcome = sem_trywait(&semaphore_);
    return outcome == 0;
  }

  /// False when `deadline` passes first. Takes a permit that is there even after the deadline.
  [[nodiscard]] bool try_acquire_until(Deadline deadline) {
    // The epoch of steady_clock is that of CLOCK_MONOTONIC on Linux.
    const auto since_epoch = std::max(deadline.time_since_epoch(), Deadline::duration::zero());
    const auto seconds = std::chrono::floor<std::chrono::seconds>(since_epoch);
    const std::chrono::nanoseconds rest = since_epoch - seconds;
    const timespec until{.tv_sec = seconds.count(), .tv_nsec = rest.count()};
    while (sem_clockwait(&semaphore_, CLOCK_MONOTONIC, &until) != 0) {
      if (errno == ETIMEDOUT) return false;
      if (errno != EINTR) fail("sem_clockwait");
    }
    return true;
  }

private:
  [[noreturn]] static void fail(const char* call) {
    throw std::system_error{errno, std::generic_category(), call};
  }

  sem_t semaphore_;
};

}  // namespace lockbench
