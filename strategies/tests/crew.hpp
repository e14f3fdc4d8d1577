#pragma once

/// Threads that start together, so that what they race for is really raced for.

#include <barrier>
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

/// Runs `rounds` rounds: `prepare(round)` on one thread while the others stand still, then
/// `race(round, member)` on all `count` threads at once.
inline void in_rounds(std::uint64_t rounds, unsigned count,
                      const std::function<void(std::uint64_t)>& prepare,
                      const std::function<void(std::uint64_t, unsigned)>& race) {
  std::uint64_t next = 0;
  const auto between = [&]() noexcept { prepare(next++); };
  std::barrier line{static_cast<std::ptrdiff_t>(count), between};
  std::vector<std::jthread> threads;
  for (unsigned member = 0; member < count; ++member) {
    threads.emplace_back([&, member] {
      for (std::uint64_t round = 0; round < rounds; ++round) {
        line.arrive_and_wait();
        race(round, member);
      }
    });
  }
}

}  // namespace lockbench::testing_support
