#pragma once

/// Threads that start together, so that what they race for is really raced for.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <barrier>
#include <chrono>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

namespace lockbench::testing_support {

/// Runs `body(0)` … `body(count - 1)`, each on a thread of its own, and returns when all have.
inline void together(unsigned count, const std::function<void(unsigned)>& body) {
  std::barrier start{static_cast<std::ptrdiff_t>(count)};
  std::vector<std::jthread> threads;
  for (unsigned member = 0; member < count; ++member) {
    threads.emplace_back([&start, &body, member] {
      start.arrive_and_wait();
      body(member);
    });
  }
}

/// How many threads race: as many as can run at once, within reason.
inline unsigned racer_count() {
  return std::clamp(std::thread::hardware_concurrency(), 2U, 4U);
}

/// Where the threads of a race meet before each round. They leave it within some 100 ns of each
/// other if all are on a CPU: who waits spins first, because a thread that has to be woken starts
/// tens of microseconds later, when the race is over.
class StartingLine {
public:
  explicit StartingLine(unsigned count) : count_{count} {}

  /// Waits for all the others; the last to come calls `prepare` before any leaves.
  void meet(auto&& prepare) {
    const auto round = round_.load(std::memory_order_relaxed);
    // (1) acquire and release: the last to come has seen what the others did before.
    if (waiting_.fetch_add(1, std::memory_order_acq_rel) + 1 == count_) {
      prepare();
      waiting_.store(0, std::memory_order_relaxed);
      ready_.store(0, std::memory_order_relaxed);
      round_.store(round + 1, std::memory_order_release);  // (2) pairs with (3)
      round_.notify_all();
    } else {
      // (3) acquire: pairs with (2), and so sees what was prepared.
      const auto has_begun = [&] { return round_.load(std::memory_order_acquire) != round; };
      if (!spin_until(has_begun)) round_.wait(round, std::memory_order_acquire);
    }
    ready_.fetch_add(1, std::memory_order_relaxed);
    (void)spin_until([&] { return ready_.load(std::memory_order_relaxed) >= count_; });
  }

private:
  /// Gives up after 30 µs: the other threads are off their CPUs then.
  static bool spin_until(auto&& condition) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::microseconds{30};
    while (!condition()) {
      if (std::chrono::steady_clock::now() > give_up) return false;
    }
    return true;
  }

  const unsigned count_;
  alignas(64) std::atomic<unsigned> waiting_{0};
  alignas(64) std::atomic<unsigned> round_{0};
  alignas(64) std::atomic<unsigned> ready_{0};
};

/// Runs `rounds` rounds: `prepare(round)` on one thread while the others stand still, then
/// `race(round, member)` on all `count` threads at once. Stops early once the test has failed.
inline void in_rounds(std::uint64_t rounds, unsigned count,
                      const std::function<void(std::uint64_t)>& prepare,
                      const std::function<void(std::uint64_t, unsigned)>& race) {
  StartingLine line{count};
  bool has_failed = false;  // written by one while the others stand still
  const auto before = [&](std::uint64_t round) {
    has_failed = testing::Test::HasFailure();
    if (!has_failed) prepare(round);
  };
  std::vector<std::jthread> threads;
  for (unsigned member = 0; member < count; ++member) {
    threads.emplace_back([&, member] {
      for (std::uint64_t round = 0; round < rounds; ++round) {
        line.meet([&] { before(round); });
        if (has_failed) return;
        race(round, member);
      }
    });
  }
}

}  // namespace lockbench::testing_support
