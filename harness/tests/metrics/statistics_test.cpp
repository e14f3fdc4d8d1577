#include "harness/metrics/statistics.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <vector>

namespace lockbench {
namespace {

TEST(Median, of_an_even_number_is_the_mean_of_the_middle_two) {
  EXPECT_DOUBLE_EQ(median(std::vector{4.0, 1.0, 3.0, 2.0}), 2.5);
  EXPECT_DOUBLE_EQ(median(std::vector{9.0, 1.0, 3.0}), 3.0);
}

TEST(MedianWithInterval, has_none_for_five_values_and_all_of_six) {
  EXPECT_FALSE(median_with_interval(std::vector{1.0, 2.0, 3.0, 4.0, 5.0}).interval);
  const auto six = median_with_interval(std::vector{6.0, 1.0, 5.0, 2.0, 4.0, 3.0});
  EXPECT_EQ(six.interval, (Interval{1.0, 6.0}));
}

// The ranks are those of published tables of the sign test, e.g. n = 20: [x(6), x(15)].
TEST(MedianWithInterval, takes_the_tabled_ranks) {
  std::vector<double> values(20);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i + 1);
  EXPECT_EQ(median_with_interval(values).interval, (Interval{6.0, 15.0}));
  values.resize(9);
  EXPECT_EQ(median_with_interval(values).interval, (Interval{2.0, 8.0}));
}

TEST(PairedDifference, takes_the_tabled_ranks_of_the_walsh_averages) {
  // n = 8: three averages are left out at either end (T = 3 has P = 5/256 <= 0.025).
  const std::vector<double> differences{1, 2, 4, 8, 16, 32, 64, 128};
  std::vector<double> averages;
  for (std::size_t i = 0; i < differences.size(); ++i) {
    for (std::size_t j = i; j < differences.size(); ++j) {
      averages.push_back((differences[i] + differences[j]) / 2);
    }
  }
  std::sort(averages.begin(), averages.end());
  const auto estimate = paired_difference(differences);
  EXPECT_EQ(estimate.interval, (Interval{averages[3], averages[averages.size() - 4]}));
  EXPECT_FALSE(paired_difference(std::vector{1.0, 2.0, 3.0, 4.0, 5.0}).interval);
}

/// Fewer of the large samples, whose intervals take long to find.
int trials_for(std::size_t n) {
  return n > 50 ? 500 : 4000;
}
/// Over four standard errors of a coverage of 95 %.
double slack_for(std::size_t n) {
  return n > 50 ? 0.04 : 0.015;
}

/// Share of trials in which `covers` holds for samples of n values of a skewed or symmetric law.
template <class Draw, class Covers>
double coverage(std::size_t n, Draw&& draw, Covers&& covers) {
  std::mt19937_64 random(20);
  const int trials = trials_for(n);
  int covered = 0;
  std::vector<double> sample(n);
  for (int trial = 0; trial < trials; ++trial) {
    for (auto& value : sample) value = draw(random);
    covered += covers(sample) ? 1 : 0;
  }
  return static_cast<double>(covered) / trials;
}

// What a percentile bootstrap of eight values fails to do.
TEST(MedianWithInterval, covers_the_median_of_a_skewed_law_as_often_as_it_claims) {
  for (const std::size_t n : {6U, 8U, 12U, 30U, 100U}) {
    std::exponential_distribution<double> law(1.0);
    const double share = coverage(n, law, [](const auto& sample) {
      return median_with_interval(sample).interval->contains(0.6931471805599453);
    });
    EXPECT_GE(share, 0.95 - slack_for(n)) << n;
  }
}

TEST(PairedDifference, covers_zero_as_often_as_it_claims_without_being_needlessly_wide) {
  for (const std::size_t n : {6U, 8U, 12U, 30U, 100U}) {
    std::cauchy_distribution<double> law(0.0, 1.0);  // heavier tails than any machine's
    const double share = coverage(n, law, [](const auto& sample) {
      return paired_difference(sample).interval->contains(0.0);
    });
    EXPECT_GE(share, 0.95 - slack_for(n)) << n;
    EXPECT_LE(share, 0.975 + slack_for(n)) << n;
  }
}

/// A law of paired differences, and its median.
struct Law {
  const char* name;
  double median;
  bool symmetric;
  std::function<double(std::mt19937_64&)> draw;
};

std::vector<Law> laws() {
  const auto normal = [](auto& random) { return std::normal_distribution<double>(0, 1)(random); };
  const auto exponential = [](auto& random) {
    return std::exponential_distribution<double>(1.0)(random);
  };
  // Three in ten pairs ran in another regime. The median is that of the share 5/7 of the first.
  const auto mixture = [=](auto& random) {
    return std::bernoulli_distribution(0.3)(random) ? 10 + normal(random) : normal(random);
  };
  return {{"normal", 0, true, normal},
          {"exponential", 0.6931471805599453, false, exponential},
          {"mixture", 0.5659488219328631, false, mixture}};
}

TEST(Intervals, of_the_sign_test_cover_the_median_of_every_law) {
  for (const auto& law : laws()) {
    for (const std::size_t n : {6U, 8U, 10U, 20U, 40U}) {
      const double share = coverage(n, law.draw, [&](const auto& sample) {
        return median_with_interval(sample).interval->contains(law.median);
      });
      EXPECT_GE(share, 0.95 - slack_for(n)) << law.name << " of " << n;
    }
  }
}

TEST(Intervals, of_the_signed_rank_test_need_a_symmetric_law) {
  for (const auto& law : laws()) {
    const double share = coverage(40, law.draw, [&](const auto& sample) {
      return paired_difference(sample).interval->contains(law.median);
    });
    if (law.symmetric) {
      EXPECT_GE(share, 0.95 - slack_for(40)) << law.name;
    } else {
      EXPECT_LT(share, 0.90) << law.name;  // so `sign` is used for mixtures
    }
  }
}

TEST(PairedDifference, finds_a_five_percent_shift_within_its_interval) {
  std::mt19937_64 random(7);
  std::normal_distribution<double> noise(0.05, 0.01);
  std::vector<double> differences(12);
  for (auto& difference : differences) difference = noise(random);
  const auto estimate = paired_difference(differences);
  EXPECT_NEAR(estimate.value, 0.05, 0.01);
  EXPECT_TRUE(estimate.interval->contains(0.05));
  EXPECT_FALSE(estimate.interval->contains(0.0));
}

TEST(JainIndex, is_one_for_equals_and_one_nth_when_one_has_it_all) {
  EXPECT_DOUBLE_EQ(jain_index(std::vector{5.0, 5.0, 5.0}), 1.0);
  EXPECT_DOUBLE_EQ(jain_index(std::vector{9.0, 0.0, 0.0}), 1.0 / 3.0);
  EXPECT_DOUBLE_EQ(jain_index(std::vector{0.0, 0.0}), 1.0);
}

TEST(ShareOf, compares_an_amount_with_the_mean) {
  EXPECT_DOUBLE_EQ(share_of(1.0, std::vector{1.0, 3.0}), 0.5);
  EXPECT_DOUBLE_EQ(share_of(0.0, std::vector{0.0, 3.0}), 0.0);
  EXPECT_DOUBLE_EQ(share_of(0.0, std::vector{0.0, 0.0}), 1.0);
}

TEST(CoefficientOfVariation, is_the_deviation_in_units_of_the_mean) {
  EXPECT_DOUBLE_EQ(*coefficient_of_variation(std::vector{8.0, 12.0}), std::sqrt(8.0) / 10.0);
  EXPECT_DOUBLE_EQ(*coefficient_of_variation(std::vector{-8.0, -12.0}), std::sqrt(8.0) / 10.0);
  EXPECT_DOUBLE_EQ(*coefficient_of_variation(std::vector{5.0, 5.0, 5.0}), 0.0);
  EXPECT_FALSE(coefficient_of_variation(std::vector{5.0}));
  EXPECT_FALSE(coefficient_of_variation(std::vector<double>{}));
  EXPECT_FALSE(coefficient_of_variation(std::vector{-1.0, 1.0}));
}

using Groups = std::vector<std::vector<double>>;

// Shrout & Fleiss (1979), table 2: six targets and four judges; their ICC(1,1) is .17.
TEST(IntraclassCorrelation, is_that_of_the_published_example) {
  const Groups targets{{9, 2, 5, 8}, {6, 1, 3, 2},  {8, 4, 6, 8},
                       {7, 1, 2, 6}, {10, 5, 6, 9}, {6, 2, 4, 7}};
  EXPECT_NEAR(*intraclass_correlation(targets), 0.1657, 0.0001);
}

// Sizes 1, 2 and 3 have a mean size of (6 - 14 / 6) / 2 = 11 / 6 for this purpose.
TEST(IntraclassCorrelation, weighs_groups_of_different_size) {
  const Groups groups{{1}, {4, 6}, {9, 10, 11}};
  const double mean = 41.0 / 6;
  const double between =
      ((1 - mean) * (1 - mean) + 2 * (5 - mean) * (5 - mean) + 3 * (10 - mean) * (10 - mean)) / 2;
  const double within = 4.0 / 3;
  EXPECT_NEAR(*intraclass_correlation(groups),
              (between - within) / (between + (11.0 / 6 - 1) * within), 1e-12);
}

TEST(IntraclassCorrelation,
     is_one_for_equals_within_groups_and_minus_one_half_for_three_opposites) {
  EXPECT_DOUBLE_EQ(*intraclass_correlation(Groups{{1, 1, 1}, {2, 2}, {7, 7, 7}}), 1.0);
  EXPECT_DOUBLE_EQ(*intraclass_correlation(Groups{{-1, 0, 1}, {1, 0, -1}}), -0.5);
}

TEST(IntraclassCorrelation, cannot_be_had_from_one_group_or_one_value_a_group_or_equals) {
  EXPECT_FALSE(intraclass_correlation(Groups{}));
  EXPECT_FALSE(intraclass_correlation(Groups{{1, 2, 3}}));
  EXPECT_FALSE(intraclass_correlation(Groups{{1, 2, 3}, {}}));
  EXPECT_FALSE(intraclass_correlation(Groups{{1}, {2}, {3}}));
  EXPECT_FALSE(intraclass_correlation(Groups{{4, 4}, {4, 4}}));
}

TEST(IntraclassCorrelation, finds_the_share_of_variance_that_lies_between_processes) {
  std::mt19937_64 random(11);
  std::normal_distribution<double> process(0.0, 3.0);
  std::normal_distribution<double> window(0.0, 4.0);
  Groups groups(4000);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const double level = process(random);
    groups[i].resize(1 + i % 4);
    for (auto& value : groups[i]) value = level + window(random);
  }
  EXPECT_NEAR(*intraclass_correlation(groups), 9.0 / 25, 0.04);
}

}  // namespace
}  // namespace lockbench
