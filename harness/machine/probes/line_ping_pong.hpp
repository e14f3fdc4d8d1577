#pragma once

/// How long a cache line takes from one CPU to another and back, as two threads see it.

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <thread>

namespace lockbench {

/// Two threads hand one padded line back and forth: one calls `ping`, the other `pong`, with the
/// same number of rounds, in either order. Neither ever hangs: a side that waits yields after a
/// bounded spin and gives up at the time limit, and then the other side gives up too.
///
/// One exchange at a time; call `reset` before the next one, while neither role runs.
class LinePingPong {
public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::uint32_t batches = 8;

  /// `limit` bounds each role, from its call to its return, waiting for the partner included.
  explicit LinePingPong(Clock::duration limit = std::chrono::milliseconds(2)) noexcept
      : limit_(limit) {}

  /// Plays `rounds` (at least one) round trips. Returns nanoseconds a round trip: the median of
  /// `batches` equal batches, so that one interrupt does not move it; nothing if either side gave
  /// up. The first exchange, which waits for the partner to arrive, is not timed.
  [[nodiscard]] std::optional<double> ping(std::uint32_t rounds) noexcept {
    const auto deadline = Clock::now() + limit_;
    const std::uint32_t parts = std::clamp(rounds, 1U, batches);
    const std::uint32_t per_part = std::max(rounds, 1U) / parts;
    std::array<double, batches> part_ns{};
    std::uint32_t turn = 0;
    if (!serve_and_await(++turn, deadline)) return std::nullopt;
    for (std::uint32_t part = 0; part < parts; ++part) {
      const auto start = Clock::now();
      for (std::uint32_t round = 0; round < per_part; ++round) {
        if (!serve_and_await(++turn, deadline)) return std::nullopt;
      }
      const std::chrono::duration<double, std::nano> elapsed = Clock::now() - start;
      part_ns[part] = elapsed.count() / per_part;
    }
    const auto middle = part_ns.begin() + parts / 2;
    std::nth_element(part_ns.begin(), middle, part_ns.begin() + parts);
    return *middle;
  }

  /// Returns what `ping` served, `rounds` times. False if either side gave up.
  [[nodiscard]] bool pong(std::uint32_t rounds) noexcept {
    const auto deadline = Clock::now() + limit_;
    const std::uint32_t parts = std::clamp(rounds, 1U, batches);
    const std::uint32_t turns = 1 + parts * (std::max(rounds, 1U) / parts);
    for (std::uint32_t turn = 1; turn <= turns; ++turn) {
      if (!await(2 * turn - 1, deadline)) return false;
      ball_.store(2 * turn, std::memory_order_release);  // (2) pairs with (1) in ping's await
    }
    return true;
  }

  /// Only while neither role runs.
  void reset() noexcept {
    ball_.store(0, std::memory_order_relaxed);
    abandoned_.store(false, std::memory_order_relaxed);
  }

private:
  // No pause instruction: it takes 40 ns or more on some CPUs, about the distance to be measured.
  static constexpr int polls_before_yield = 4096;

  bool serve_and_await(std::uint32_t turn, Clock::time_point deadline) noexcept {
    ball_.store(2 * turn - 1, std::memory_order_release);  // (3) pairs with (1) in pong's await
    return await(2 * turn, deadline);
  }

  bool await(std::uint32_t value, Clock::time_point deadline) noexcept {
    for (;;) {
      for (int poll = 0; poll < polls_before_yield; ++poll) {
        // (1) acquire: pairs with the release (2) or (3) of the partner.
        if (ball_.load(std::memory_order_acquire) == value) return true;
      }
      if (abandoned_.load(std::memory_order_relaxed)) return false;
      if (Clock::now() >= deadline) {
        abandoned_.store(true, std::memory_order_relaxed);
        return false;
      }
      std::this_thread::yield();
    }
  }

  static constexpr std::size_t line_bytes = 64;
  /// Twice a line, since adjacent lines are prefetched in pairs on many CPUs.
  alignas(2 * line_bytes) std::atomic<std::uint32_t> ball_{0};
  alignas(2 * line_bytes) std::atomic<bool> abandoned_{false};
  Clock::duration limit_;
};

}  // namespace lockbench
