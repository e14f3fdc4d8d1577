#pragma once

/// How much a test does and how long it waits, in this kind of build.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <thread>

#include "strategies/task_queue.hpp"

namespace lockbench::testing_support {

#if defined(__has_feature)
#define LOCKBENCH_HAS_FEATURE(x) __has_feature(x)
#else
#define LOCKBENCH_HAS_FEATURE(x) 0
#endif

#if defined(__SANITIZE_THREAD__) || LOCKBENCH_HAS_FEATURE(thread_sanitizer)
inline constexpr bool sanitized = true;
inline constexpr int slowdown = 6;
#elif defined(__SANITIZE_ADDRESS__) || LOCKBENCH_HAS_FEATURE(address_sanitizer)
inline constexpr bool sanitized = true;
inline constexpr int slowdown = 4;
#elif !defined(NDEBUG)
inline constexpr bool sanitized = false;
inline constexpr int slowdown = 3;
#else
inline constexpr bool sanitized = false;
inline constexpr int slowdown = 1;
#endif

#undef LOCKBENCH_HAS_FEATURE

/// The amount of work that takes about as long here as `in_release` does in a release build.
constexpr std::uint64_t scaled(std::uint64_t in_release) {
  return std::max<std::uint64_t>(1, in_release / slowdown);
}

/// Longer than a correct strategy ever needs, even starved of its CPU; only failures wait for it.
inline constexpr std::chrono::seconds patience{slowdown == 1 ? 30 : 90};

/// After this a test is hung: it is aborted by name, before CTest's limit of 300 s takes it.
inline constexpr std::chrono::seconds test_limit{slowdown == 1 ? 120 : 270};

/// How late a wait may end after its deadline: far beyond what a loaded machine was seen to add.
inline constexpr std::chrono::milliseconds lateness_bound{slowdown == 1 ? 3000 : 10000};

inline Deadline after(std::chrono::nanoseconds time) {
  return std::chrono::steady_clock::now() + time;
}

/// A deadline that a correct strategy never reaches.
inline Deadline far_ahead() {
  return after(patience);
}

/// Waits for `condition`; false when it has not come true within `patience`.
bool eventually(auto&& condition) {
  for (const auto deadline = far_ahead(); !condition();) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace lockbench::testing_support
