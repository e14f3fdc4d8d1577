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

/// Runs up to `rounds` rounds: `prepare(round)` on one thread while the others stand still, then
/// `race(round, member)` on all `count` threads at once. Ends early once the test has failed, or
/// after two seconds, as a round takes a thousand times longer where threads wait for a CPU.
/// Returns the number of rounds run.
inline std::uint64_t in_rounds(std::uint64_t rounds, unsigned count,
                               const std::function<void(std::uint64_t)>& prepare,
                               const std::function<void(std::uint64_t, unsigned)>& race) {
  const auto enough = std::chrono::steady_clock::now() + std::chrono::seconds{2};
  StartingLine line{count};
  // Both written by one thread while the others stand still.
  std::uint64_t begun = 0;
  bool has_ended = false;
  const auto begin_next = [&] {
    has_ended =
        begun == rounds || testing::Test::HasFailure() || std::chrono::steady_clock::now() > enough;
    if (!has_ended) prepare(begun++);
  };
  const auto take_part = [&](unsigned member) {
    for (std::uint64_t round = 0;; ++round) {
      line.meet(begin_next);
      if (has_ended) return;
      race(round, member);
    }
  };
  {
    std::vector<std::jthread> threads;
    for (unsigned member = 0; member < count; ++member) threads.emplace_back(take_part, member);
  }
  return begun;
}

}  // namespace lockbench::testing_support
