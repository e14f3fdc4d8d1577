#pragma once

#include <cstdint>

namespace lockbench {

/// SplitMix64's output function (Steele, Lea & Flood, 2014): a bijection that spreads any change of
/// input over all 64 bits.
[[nodiscard]] constexpr std::uint64_t mixed_bits(std::uint64_t value) noexcept {
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31U);
}

/// SplitMix64: one addition and one mix a draw, about a nanosecond. Streams of different seeds are
/// independent for every practical purpose. Not thread-safe: one a thread.
class Random {
public:
  explicit constexpr Random(std::uint64_t seed) noexcept : state_(mixed_bits(seed)) {}

  constexpr std::uint64_t next() noexcept {
    state_ += 0x9e3779b97f4a7c15U;
    return mixed_bits(state_);
  }

  /// Uniform over 0 … bound - 1, by multiplication instead of division (Lemire, 2019); the bias
  /// is below bound / 2^32.
  constexpr std::uint32_t below(std::uint32_t bound) noexcept {
    return static_cast<std::uint32_t>(((next() >> 32U) * bound) >> 32U);
  }

  /// Uniform over 0 <= x < 1, in steps of 2^-53.
  constexpr double fraction() noexcept { return static_cast<double>(next() >> 11U) * 0x1p-53; }

private:
  std::uint64_t state_;
};

/// "True with probability p" as one comparison of a draw; exact at 0 and at 1.
class Chance {
public:
  /// Precondition: 0 <= probability <= 1.
  explicit constexpr Chance(double probability) noexcept
      : threshold_(static_cast<std::uint64_t>(probability * 9007199254740992.0)) {}

  [[nodiscard]] constexpr bool hit(std::uint64_t draw) const noexcept {
    return (draw >> resolution_excess) < threshold_;
  }

  /// 64 independent answers at once, one a bit. Compares digit by digit from the highest, all bits
  /// side by side, until every one has met a digit that differs: about 8 draws, or fewer for a
  /// probability of few digits.
  [[nodiscard]] constexpr std::uint64_t hits(Random& random) const noexcept {
    std::uint64_t below = threshold_ >> resolution == 0 ? 0 : ~std::uint64_t{0};
    std::uint64_t equal = ~below;  // so far
    const std::uint64_t digits = threshold_ << resolution_excess;
    for (std::uint64_t left = digits; left != 0 && equal != 0; left <<= 1U) {
      const std::uint64_t draw = random.next();
      const bool one = left >> 63U != 0;
      if (one) below |= equal & ~draw;
      equal &= one ? draw : ~draw;
    }
    return below;
  }

private:
  static constexpr unsigned resolution = 53;  ///< the probability is a multiple of 2^-53
  static constexpr unsigned resolution_excess = 64 - resolution;

  std::uint64_t threshold_;
};

}  // namespace lockbench
