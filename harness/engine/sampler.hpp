#pragma once

#include <cstdint>

#include "harness/base/random.hpp"

namespace lockbench {

/// Chooses one operation in `every`, at random: the gaps between chosen ones are drawn uniformly
/// from 1 … 2 * every - 1, so that no rhythm of the workload can hide from it. An operation that is
/// not chosen costs one decrement and one branch. Not thread-safe: one a thread.
class Sampler {
public:
  /// `every` = 0 chooses none.
  Sampler(std::uint32_t every, std::uint64_t seed) noexcept : every_(every), random_(seed) {
    rearm();
  }

  /// True for a chosen operation; call `rearm` after it.
  [[nodiscard]] bool chooses() noexcept { return --left_ == 0; }

  void rearm() noexcept { left_ = every_ == 0 ? never : 1 + random_.below(2 * every_ - 1); }

  [[nodiscard]] std::uint32_t every() const noexcept { return every_; }

private:
  static constexpr std::uint64_t never = ~std::uint64_t{0};

  std::uint64_t left_ = never;
  std::uint32_t every_;
  Random random_;
};

}  // namespace lockbench
