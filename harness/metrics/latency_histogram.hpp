#pragma once

/// Durations as a log-linear histogram: cheap enough for a sampling thread, and mergeable.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lockbench {

struct StandardQuantile {
  double q;
  std::string_view name;  ///< as in the columns `NAME_ns`
};

/// The quantiles that rows, summaries and charts show.
inline constexpr std::array<StandardQuantile, 5> standard_quantiles{{
    {0.5, "p50"},
    {0.9, "p90"},
    {0.99, "p99"},
    {0.999, "p99_9"},
    {0.9999, "p99_99"},
}};

/// A quantile with fewer samples than this beyond it is a matter of luck, and left empty.
inline constexpr std::uint64_t fewest_beyond_quantile = 10;
/// So that a p99 is not.
inline constexpr std::uint64_t fewest_samples_of_p99 = 100 * fewest_beyond_quantile;

/// The figures that buckets cannot tell, since they know a duration only to 1/1024.
struct ExactFigures {
  std::uint64_t min_ns = 0;
  std::uint64_t max_ns = 0;
  std::uint64_t sum_ns = 0;
  bool operator==(const ExactFigures&) const = default;
};

/// Counts of durations in buckets that are exact below 2048 ns and at most 1/1024 of their value
/// wide above, 1024 to an octave (after HdrHistogram, Gil Tene), up to 2^42 ns, about 70 minutes.
/// Longer durations count in the last bucket; least, most and sum stay exact.
///
/// Takes 132 KiB, all of it written at construction so that recording meets no page fault: make
/// one only where samples are taken. Not thread-safe: one a thread, merged afterwards. A
/// moved-from one may only be assigned to or destroyed.
class alignas(64) LatencyHistogram {  // neighbours of different threads share no cache line
public:
  LatencyHistogram() : counts_(buckets) {}

  /// O(1); neither allocates nor branches. A bucket holds 2^32 - 1 samples and the sum 2^64 ns,
  /// days of sampling and centuries of waiting.
  void record(std::uint64_t ns) noexcept {
    ++counts_[bucket_of(ns)];
    ++count_;
    exact_.sum_ns += ns;
    exact_.min_ns = ns < exact_.min_ns ? ns : exact_.min_ns;
    exact_.max_ns = ns > exact_.max_ns ? ns : exact_.max_ns;
  }

  /// Adds what `other` holds; the same as having recorded the samples of both. O(buckets).
  /// Throws `Error`, leaving this one as it was, where a bucket would come to 2^32 samples.
  void merge(const LatencyHistogram& other);

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  /// Exact. 0 where nothing was recorded.
  [[nodiscard]] std::uint64_t min_ns() const noexcept { return exact().min_ns; }
  [[nodiscard]] std::uint64_t max_ns() const noexcept { return exact_.max_ns; }
  [[nodiscard]] double mean_ns() const noexcept;
  [[nodiscard]] ExactFigures exact() const noexcept {
    return count_ == 0 ? ExactFigures{} : exact_;
  }

  /// By nearest rank: the bucket of the smallest recorded duration that at least q * count samples
  /// do not exceed, at its midpoint, but never beyond the exact least and most. So within 1/2048 of
  /// that duration, below 2^42 ns. In ns; 0 where nothing was recorded. O(buckets).
  /// Precondition: 0 <= q <= 1.
  [[nodiscard]] double value_at(double q) const noexcept;
  /// As `value_at`; empty where fewer than 10 samples lie beyond, that is where
  /// count * (1 - q) < 10.
  [[nodiscard]] std::optional<double> quantile_ns(double q) const noexcept;

  /// Calls `take(lower_ns, samples)` for every bucket that is not empty, ascending. `lower_ns` is the
  /// shortest duration of the bucket.
  void for_each_bucket(auto&& take) const {
    for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
      if (counts_[bucket] != 0) take(lower_edge(bucket), std::uint64_t{counts_[bucket]});
    }
  }
  /// `lower_ns:count` of every bucket that is not empty, ascending, one space between; empty where
  /// nothing was recorded.
  [[nodiscard]] std::string to_text() const;
  /// Reads what `to_text` wrote. With the `exact()` figures of the same histogram the result equals
  /// it; without, they are taken from the buckets: least and most from the outermost edges, the sum
  /// from midpoints. Throws `Error` naming the entry, or the exact figure, that does not fit.
  [[nodiscard]] static LatencyHistogram from_text(
      std::string_view text, const std::optional<ExactFigures>& exact = std::nullopt);

  bool operator==(const LatencyHistogram&) const = default;

private:
  static constexpr unsigned linear_bits = 11;  // below 2^11 a bucket is one nanosecond
  static constexpr unsigned longest_bits = 42;
  static constexpr std::uint64_t longest_exact_ns = (std::uint64_t{1} << linear_bits) - 1;
  static constexpr std::uint64_t longest_ns = (std::uint64_t{1} << longest_bits) - 1;
  static constexpr std::size_t per_octave = std::size_t{1} << (linear_bits - 1);
  static constexpr std::size_t buckets = per_octave * (longest_bits - linear_bits + 2);

  /// How far a duration is shifted so that `linear_bits` bits of it remain: 0 in the exact part,
  /// then one more an octave. Those bits choose the bucket within it.
  static constexpr std::size_t bucket_of(std::uint64_t ns) noexcept {
    const std::uint64_t clamped = ns < longest_ns ? ns : longest_ns;
    const auto bits = static_cast<unsigned>(std::bit_width(clamped | longest_exact_ns));
    const unsigned shift = bits - linear_bits;
    return shift * per_octave + static_cast<std::size_t>(clamped >> shift);
  }

  static std::uint64_t lower_edge(std::size_t bucket) noexcept;
  static std::uint64_t upper_edge(std::size_t bucket) noexcept;  // itself in the bucket
  static double midpoint_ns(std::size_t bucket) noexcept;

  void take_over(const ExactFigures& exact);
  /// Returns how many samples do not exceed the quantile, at least 1.
  [[nodiscard]] std::uint64_t rank(double q) const noexcept;

  std::vector<std::uint32_t> counts_;
  std::uint64_t count_ = 0;
  ExactFigures exact_{.min_ns = UINT64_MAX};

public:
  static constexpr std::size_t bytes = buckets * sizeof(std::uint32_t);  ///< that counts take
};

}  // namespace lockbench
