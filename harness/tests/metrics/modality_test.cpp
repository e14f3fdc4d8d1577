#include "harness/metrics/modality.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <thread>
#include <vector>

#include "strategies/tests/test_scale.hpp"

namespace lockbench {
namespace {

using testing_support::scaled;

/// A point that a distribution function must pass within d of: below it, and up to it.
struct Passage {
  double x;
  double below;
  double upto;
};

std::vector<Passage> passages_of(std::vector<double> values) {
  std::ranges::sort(values);
  const auto n = static_cast<double>(values.size());
  std::vector<Passage> passages;
  for (const double x : values) {
    if (!passages.empty() && passages.back().x == x) continue;
    const auto below =
        static_cast<double>(std::ranges::count_if(values, [=](double v) { return v < x; }));
    const auto upto =
        static_cast<double>(std::ranges::count_if(values, [=](double v) { return v <= x; }));
    passages.push_back({x, below / n, upto / n});
  }
  return passages;
}

/// Of the convex functions within d of the data on passages 0 … mode, which ends at the left of its
/// jump, the least height at the mode; infinity when there is none. Every lower bound on it is a
/// line through an upper bound and a lower one. O(mode^2) lines, tried all.
double least_convex_end(const std::vector<Passage>& at, std::size_t mode, double d) {
  const auto high = [&](std::size_t i) { return at[i].below + d; };
  const auto low = [&](std::size_t i) { return (i == mode ? at[i].below : at[i].upto) - d; };
  double end = low(mode);
  for (std::size_t j = 0; j < mode; ++j) {
    if (low(j) > high(j)) return INFINITY;
    for (std::size_t i = 0; i < j; ++i) {
      const double slope = (low(j) - high(i)) / (at[j].x - at[i].x);
      for (std::size_t k = j + 1; k <= mode; ++k) {
        const double bound = high(i) + slope * (at[k].x - at[i].x);
        if (bound > high(k)) return INFINITY;
        if (k == mode) end = std::max(end, bound);
      }
    }
  }
  return end > high(mode) ? INFINITY : end;
}

/// The same data seen from the other end, in which concave is convex.
std::vector<Passage> reflected(const std::vector<Passage>& passages) {
  std::vector<Passage> result;
  for (const auto& [x, below, upto] : passages) result.push_back({-x, 1 - upto, 1 - below});
  std::ranges::reverse(result);
  return result;
}

/// Tries every mode, and for each all that a unimodal distribution function must keep: no hulls, no
/// narrowing, nothing in common with what it checks but the definition.
double dip_by_definition(const std::vector<double>& values) {
  const auto left = passages_of(values);
  const auto right = reflected(left);
  double dip = 1;
  for (std::size_t mode = 0; mode < left.size(); ++mode) {
    double too_small = 0;
    double enough = dip;
    for (int halving = 0; halving < 60; ++halving) {
      const double d = (too_small + enough) / 2;
      // It may jump up at its mode, but not down.
      const bool possible =
          least_convex_end(left, mode, d) + least_convex_end(right, left.size() - 1 - mode, d) <=
          1 + 1e-12;
      (possible ? enough : too_small) = d;
    }
    dip = std::min(dip, enough);
  }
  return dip;
}

using Values = std::vector<double>;

/// `count` values by `draw`.
template <class Draw>
Values sample(std::size_t count, Draw&& draw) {
  Values values(count);
  std::ranges::generate(values, draw);
  return values;
}

/// How many of `trials` samples of n values by `draw` are called multimodal.
template <class Draw>
int flagged(std::size_t n, int trials, Draw&& draw) {
  int count = 0;
  for (int trial = 0; trial < trials; ++trial) count += is_multimodal(sample(n, draw)) ? 1 : 0;
  return count;
}

TEST(DipStatistic, is_that_of_the_definition_for_small_samples) {
  std::mt19937_64 random(1);
  std::normal_distribution<double> normal;
  std::cauchy_distribution<double> cauchy;
  for (std::uint64_t trial = 0; trial < scaled(2000); ++trial) {
    const bool heavy_tails = trial % 2 == 0;
    const auto values = sample(1 + random() % 12, [&] {
      return heavy_tails ? cauchy(random) : normal(random) + (random() % 2 == 0 ? 4.0 : 0.0);
    });
    ASSERT_NEAR(dip_statistic(values), dip_by_definition(values), 1e-9)
        << ::testing::PrintToString(values);
  }
}

TEST(DipStatistic, is_that_of_the_definition_where_values_repeat) {
  std::mt19937_64 random(2);
  for (std::uint64_t trial = 0; trial < scaled(2000); ++trial) {
    const auto values =
        sample(1 + random() % 12, [&] { return static_cast<double>(random() % 6); });
    ASSERT_NEAR(dip_statistic(values), dip_by_definition(values), 1e-9)
        << ::testing::PrintToString(values);
  }
}

TEST(DipStatistic, of_two_equal_heaps_is_a_quarter_and_of_one_heap_nothing) {
  EXPECT_DOUBLE_EQ(dip_statistic(Values{1, 1, 1, 7, 7, 7}), 0.25);
  EXPECT_DOUBLE_EQ(dip_statistic(Values{3, 3, 3, 3}), 0.0);
  EXPECT_DOUBLE_EQ(dip_statistic(Values{3}), 0.0);
}

TEST(DipStatistic, knows_neither_shift_nor_scale_nor_order) {
  const Values values{1, 2, 2.5, 4, 9, 10, 10.5, 12};
  Values other;
  for (const double value : values) other.push_back(1e6 * value - 3e6);
  std::ranges::reverse(other);
  EXPECT_NEAR(dip_statistic(values), dip_statistic(other), 1e-12);
}

TEST(UniformDipQuantile, leaves_one_uniform_sample_in_a_hundred_beyond_it) {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> uniform;
  const auto trials = static_cast<int>(scaled(4000));
  for (const std::size_t n : {8U, 24U, 100U, 900U}) {
    const int samples = n > 100 ? trials / 4 : trials;
    const int count = flagged(n, samples, [&] { return uniform(random); });
    // Counts of rare events, in builds of which some have few trials; the limit itself is simulated.
    const double expected = 0.01 * samples;
    const double spread = 4 * std::sqrt(expected);
    EXPECT_LE(count, expected + spread) << n;
    EXPECT_GE(count, expected - spread) << n;
  }
}

TEST(UniformDipQuantile, is_the_same_from_every_thread) {
  std::vector<double> quantiles(4);
  std::vector<std::thread> threads;
  for (auto& quantile : quantiles) {
    threads.emplace_back([&quantile] { quantile = uniform_dip_quantile_99(31); });
  }
  for (auto& thread : threads) thread.join();
  for (const double quantile : quantiles) {
    EXPECT_GT(quantile, 0.0);
    EXPECT_EQ(quantile, uniform_dip_quantile_99(31));
  }
}

TEST(IsMultimodal, hardly_ever_flags_a_law_with_one_mode) {
  std::mt19937_64 random(4);
  std::normal_distribution<double> normal;
  std::exponential_distribution<double> exponential;
  std::lognormal_distribution<double> skewed(0.0, 1.0);
  const auto trials = static_cast<int>(scaled(1000));
  for (const std::size_t n : {8U, 24U, 60U, 200U}) {
    EXPECT_LE(flagged(n, trials, [&] { return normal(random); }), trials / 100) << n;
    EXPECT_LE(flagged(n, trials, [&] { return exponential(random); }), trials / 100) << n;
    EXPECT_LE(flagged(n, trials, [&] { return skewed(random); }), trials / 100) << n;
  }
}

TEST(IsMultimodal, finds_two_modes_that_stand_apart) {
  std::mt19937_64 random(5);
  std::normal_distribution<double> heap(0.0, 1.0);
  const auto trials = static_cast<int>(scaled(600));
  const auto at_distance = [&](double distance) {
    return [&, distance] { return heap(random) + (random() % 2 == 0 ? distance : 0.0); };
  };
  EXPECT_GE(flagged(24, trials, at_distance(16)), trials * 9 / 10);
  EXPECT_GE(flagged(60, trials, at_distance(8)), trials * 9 / 10);
}

TEST(IsMultimodal, has_no_say_on_few_values) {
  EXPECT_FALSE(is_multimodal(Values{1, 1, 1, 1, 9, 9, 9}));
  EXPECT_TRUE(is_multimodal(Values{1, 1.1, 1.2, 1.3, 9, 9.1, 9.2, 9.3}));
}

}  // namespace
}  // namespace lockbench
