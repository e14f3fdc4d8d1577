#pragma once

#include <pthread.h>

#include <cerrno>
#include <chrono>
#include <system_error>

#include "harness/pitfalls/run_together.hpp"

namespace lockbench::pitfalls {

/// A POSIX mutex of a chosen type (`PTHREAD_MUTEX_NORMAL` …) and protocol (`PTHREAD_PRIO_INHERIT` …).
/// POSIX defines what happens if its owner locks it again; for `std::mutex` that is undefined.
class PosixMutex {
public:
  explicit PosixMutex(int type, int protocol = PTHREAD_PRIO_NONE) {
    pthread_mutexattr_t attributes;
    check(pthread_mutexattr_init(&attributes));
    int error = pthread_mutexattr_settype(&attributes, type);
    if (error == 0) error = pthread_mutexattr_setprotocol(&attributes, protocol);
    if (error == 0) error = pthread_mutex_init(&mutex_, &attributes);
    pthread_mutexattr_destroy(&attributes);
    check(error);
  }
  ~PosixMutex() { pthread_mutex_destroy(&mutex_); }
  PosixMutex(const PosixMutex&) = delete;
  PosixMutex& operator=(const PosixMutex&) = delete;

  void lock() { check(pthread_mutex_lock(&mutex_)); }
  void unlock() noexcept { pthread_mutex_unlock(&mutex_); }
  /// Returns 0, or an error such as EDEADLK, as pthread_mutex_lock does.
  [[nodiscard]] int lock_or_error() noexcept { return pthread_mutex_lock(&mutex_); }
  /// Returns 0, or an error such as ETIMEDOUT. Uses the wall clock, since ThreadSanitizer knows no other.
  [[nodiscard]] int lock_within(std::chrono::milliseconds patience) noexcept {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto until = to_timespec(now + patience);
    return pthread_mutex_timedlock(&mutex_, &until);
  }

private:
  static void check(int error) {
    if (error != 0) throw std::system_error{error, std::generic_category(), "pthread_mutex"};
  }

  pthread_mutex_t mutex_{};
};

}  // namespace lockbench::pitfalls
