#pragma once

#include <bit>
#include <cstdint>

#include "harness/base/random.hpp"

namespace lockbench {

/// How many reads a thread does before its next write, where each operation is a read with a given
/// probability, whatever came before.
///
/// A branch on each draw would be mispredicted as often as chance wants it, and a drawn number is
/// known late: together most of what the harness costs. So the draws are made ahead, and there is one
/// jump for a whole run of reads, which is mispredicted at most once. Not thread-safe: one a thread.
class ReadRuns {
public:
  /// Longer runs are handed out in parts.
  static constexpr unsigned longest = 4;

  /// Precondition: 0 <= read_ratio <= 1.
  ReadRuns(double read_ratio, Random random) noexcept
      : chance_(read_ratio), drawn_{no_draws, random} {}

  /// Returns 0 … longest - 1: so many reads, and then a write; or `longest`: so many reads, and then
  /// another run.
  [[gnu::always_inline]] unsigned next() noexcept {
    if (drawn_.writes >> (longest + 1) == 0) [[unlikely]]
      drawn_ = draw(chance_, drawn_.random);
    const auto run = static_cast<unsigned>(std::countr_zero(drawn_.writes | (1U << longest)));
    drawn_.writes >>= run == longest ? run : run + 1;
    return run;
  }

private:
  /// What was drawn and not yet used: a bit an operation, the next one lowest, 1 for a write. The
  /// highest 1 is no draw but marks their end. A few at the end may be left over: whether they are
  /// depends on their number alone, so that dropping them favours neither reads nor writes.
  struct Drawn {
    std::uint64_t writes;
    Random random;
  };
  static constexpr std::uint64_t no_draws = 1;

  /// By value, so that the compiler may keep what was drawn in a register.
  [[gnu::noinline]] static Drawn draw(Chance chance, Random random) noexcept {
    constexpr std::uint64_t end = std::uint64_t{1} << 63U;
    const std::uint64_t writes = ~chance.hits(random) | end;
    return {writes, random};
  }

  Chance chance_;
  Drawn drawn_;
};

}  // namespace lockbench
