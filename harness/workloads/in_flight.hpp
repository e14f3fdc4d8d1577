#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "harness/engine/window_spec.hpp"

namespace lockbench {

/// Bounds the tasks under way between producers and consumers, without a counter that all of them
/// write: each thread publishes its own count now and then, and producers add the counts up.
class InFlight {
public:
  /// Operations of a thread between two updates, so each thread may overshoot by twice as many.
  static constexpr std::uint64_t stride = 64;

  InFlight(const WindowSpec& spec, std::uint64_t most) : most_(most), counts_(spec.point.threads) {}

  /// Takes the thread's count so far. Cheap: writes only once in `stride` calls.
  void publish(std::uint32_t thread, std::uint64_t count) noexcept {
    if (count % stride == 0) counts_[thread].done.store(count, std::memory_order_relaxed);
  }
  /// Writes at once. For a thread that is about to wait, since its work must not stay unseen.
  void publish_now(std::uint32_t thread, std::uint64_t count) noexcept {
    counts_[thread].done.store(count, std::memory_order_relaxed);
  }

  /// Whether producers have to wait. The first `producers` threads produce. O(threads).
  [[nodiscard]] bool is_full(std::uint32_t producers) const noexcept {
    std::uint64_t produced = 0;
    std::uint64_t consumed = 0;
    for (std::uint32_t i = 0; i < counts_.size(); ++i) {
      (i < producers ? produced : consumed) += counts_[i].done.load(std::memory_order_relaxed);
    }
    return produced > consumed + most_;
  }

private:
  struct alignas(128) Count {
    std::atomic<std::uint64_t> done{0};
  };

  std::uint64_t most_;
  std::vector<Count> counts_;  ///< by thread
};

}  // namespace lockbench
