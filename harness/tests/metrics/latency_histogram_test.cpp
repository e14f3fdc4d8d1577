#include "harness/metrics/latency_histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <vector>

#include "harness/base/errors.hpp"

namespace lockbench {
namespace {

constexpr std::uint64_t longest_ns = (std::uint64_t{1} << 42U) - 1;

LatencyHistogram histogram_of(const std::vector<std::uint64_t>& durations_ns) {
  LatencyHistogram histogram;
  for (const auto ns : durations_ns) histogram.record(ns);
  return histogram;
}

struct Law {
  const char* name;
  std::function<double(std::mt19937_64&)> draw_ns;
};

/// What latencies look like: narrow, skewed, heavy-tailed, in two clusters, and over the whole range.
std::vector<Law> laws() {
  return {
      {"constant", [](auto&) { return 3001.0; }},
      {"exact part", std::uniform_real_distribution<>(0, 2048)},
      {"exponential", std::exponential_distribution<>(1.0 / 50'000)},
      {"log-normal", std::lognormal_distribution<>(9, 2)},
      {"Cauchy", [law = std::cauchy_distribution<>(1e5, 1e4)](
                     auto& random) mutable { return std::abs(law(random)); }},
      {"two clusters", [coin = std::bernoulli_distribution(0.01)](
                           auto& random) mutable { return coin(random) ? 30e6 : 250.0; }},
      {"every octave", [exponent = std::uniform_real_distribution<>(0, 42)](
                           auto& random) mutable { return std::exp2(exponent(random)); }},
  };
}

std::vector<std::uint64_t> sample_of(const Law& law, std::size_t n) {
  std::mt19937_64 random(2012);
  auto draw_ns = law.draw_ns;
  std::vector<std::uint64_t> sample(n);
  for (auto& ns : sample) {
    ns = std::min(longest_ns, static_cast<std::uint64_t>(std::min(draw_ns(random), 9e15)));
  }
  return sample;
}

/// The definition, from all samples at hand: the value of rank ceil(q n), for q in 10000ths.
std::uint64_t oracle(std::vector<std::uint64_t> sample, std::uint64_t q_of_10000) {
  std::sort(sample.begin(), sample.end());
  const std::uint64_t rank = (q_of_10000 * sample.size() + 9999) / 10000;
  return sample[rank == 0 ? 0 : rank - 1];
}

TEST(LatencyHistogram, agrees_with_all_samples_sorted_within_half_a_bucket) {
  for (const auto& law : laws()) {
    for (const std::size_t n : {1U, 2U, 999U, 1000U, 20'000U}) {
      const auto sample = sample_of(law, n);
      const auto histogram = histogram_of(sample);
      for (const std::uint64_t q : {0U, 1U, 700U, 5000U, 9000U, 9900U, 9990U, 9999U, 10000U}) {
        const auto exact = static_cast<double>(oracle(sample, q));
        const double slack = exact < 2048 ? 0 : exact / 2048;
        EXPECT_NEAR(histogram.value_at(static_cast<double>(q) / 10000), exact, slack)
            << law.name << ", n = " << n << ", q = " << q << "/10000";
      }
    }
  }
}

TEST(LatencyHistogram, keeps_count_least_most_and_mean_exactly) {
  const auto histogram = histogram_of({5'000'001, 7, 123'456'789});
  EXPECT_EQ(histogram.count(), 3U);
  EXPECT_EQ(histogram.min_ns(), 7U);
  EXPECT_EQ(histogram.max_ns(), 123'456'789U);
  EXPECT_DOUBLE_EQ(histogram.mean_ns(), (5'000'001.0 + 7 + 123'456'789) / 3);
}

TEST(LatencyHistogram, tells_every_nanosecond_apart_below_2048_and_pairs_from_there) {
  EXPECT_EQ(histogram_of({0, 1, 2046, 2047, 2048, 2049, 2050}).to_text(),
            "0:1 1:1 2046:1 2047:1 2048:2 2050:1");
}

TEST(LatencyHistogram, starts_a_bucket_at_each_power_of_two_and_ends_one_before_it) {
  for (unsigned bit = 11; bit < 42; ++bit) {
    const std::uint64_t power = std::uint64_t{1} << bit;
    const std::uint64_t width_below = std::max<std::uint64_t>(power / 2048, 1);
    EXPECT_EQ(histogram_of({power - 1, power}).to_text(),
              std::to_string(power - width_below) + ":1 " + std::to_string(power) + ":1");
  }
}

TEST(LatencyHistogram, counts_what_is_too_long_in_the_last_bucket_and_keeps_the_most_exact) {
  const auto histogram = histogram_of({longest_ns, longest_ns + 1, UINT64_MAX / 4});
  EXPECT_EQ(histogram.to_text(), "4395899027456:3");
  EXPECT_EQ(histogram.max_ns(), UINT64_MAX / 4);
  EXPECT_LE(histogram.value_at(1), static_cast<double>(longest_ns));
}

TEST(LatencyHistogram, never_reports_a_quantile_beyond_what_was_recorded) {
  // One bucket is 1,048,576 to 1,049,599 ns; its midpoint lies between these two.
  EXPECT_EQ(histogram_of({1'048'577}).value_at(0.5), 1'048'577);
  EXPECT_EQ(histogram_of({1'049'590}).value_at(0.5), 1'049'590);
}

TEST(LatencyHistogram, leaves_a_quantile_empty_with_fewer_than_ten_samples_beyond_it) {
  for (const auto& [q, fewest] :
       {std::pair{0.5, 20U}, {0.9, 100U}, {0.99, 1000U}, {0.999, 10'000U}, {0.9999, 100'000U}}) {
    std::vector<std::uint64_t> sample(fewest - 1, 40);
    EXPECT_EQ(histogram_of(sample).quantile_ns(q), std::nullopt) << q;
    sample.push_back(40);
    EXPECT_EQ(histogram_of(sample).quantile_ns(q), 40.0) << q;
  }
  EXPECT_EQ(LatencyHistogram().quantile_ns(0.5), std::nullopt);
  EXPECT_EQ(LatencyHistogram().quantile_ns(0), std::nullopt);
}

TEST(LatencyHistogram, holds_nothing_at_first) {
  const LatencyHistogram histogram;
  EXPECT_EQ(histogram.count(), 0U);
  EXPECT_EQ(histogram.exact(), ExactFigures{});
  EXPECT_EQ(histogram.mean_ns(), 0);
  EXPECT_EQ(histogram.value_at(0.5), 0);
  EXPECT_EQ(histogram.to_text(), "");
}

TEST(LatencyHistogram, merged_equals_one_that_recorded_everything) {
  for (const auto& law : laws()) {
    const auto sample = sample_of(law, 3000);
    const auto middle = sample.begin() + 700;
    auto merged = histogram_of({sample.begin(), middle});
    merged.merge(histogram_of({middle, sample.end()}));
    merged.merge(LatencyHistogram());
    EXPECT_EQ(merged, histogram_of(sample)) << law.name;
    auto from_nothing = LatencyHistogram();
    from_nothing.merge(merged);
    EXPECT_EQ(from_nothing, merged) << law.name;
  }
}

TEST(LatencyHistogram, refuses_to_merge_more_than_a_bucket_holds_and_stays_as_it_was) {
  auto full = LatencyHistogram::from_text("5:1 12:4294967295");
  const auto before = full;
  try {
    full.merge(histogram_of({5, 12}));
    FAIL() << "merged";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("4294967296 samples of 12 ns"), std::string::npos);
  }
  EXPECT_EQ(full, before);
}

TEST(LatencyHistogramText, comes_back_as_it_was_with_its_exact_figures) {
  for (const auto& law : laws()) {
    const auto histogram = histogram_of(sample_of(law, 5000));
    EXPECT_EQ(LatencyHistogram::from_text(histogram.to_text(), histogram.exact()), histogram)
        << law.name;
  }
  EXPECT_EQ(LatencyHistogram::from_text("", ExactFigures{}), LatencyHistogram());
}

TEST(LatencyHistogramText, alone_keeps_the_quantiles_to_half_a_bucket_and_the_mean) {
  for (const auto& law : laws()) {
    const auto histogram = histogram_of(sample_of(law, 5000));
    const auto read = LatencyHistogram::from_text(histogram.to_text());
    EXPECT_EQ(read.count(), histogram.count());
    for (const auto& [q, name] : standard_quantiles) {
      EXPECT_NEAR(read.value_at(q), histogram.value_at(q), histogram.value_at(q) / 2048)
          << law.name << ' ' << name;
      EXPECT_EQ(read.quantile_ns(q).has_value(), histogram.quantile_ns(q).has_value());
    }
    EXPECT_NEAR(read.mean_ns(), histogram.mean_ns(), histogram.mean_ns() / 1024) << law.name;
  }
}

/// What reading `text` is refused with.
std::string refusal(std::string_view text, const std::optional<ExactFigures>& exact = {}) {
  try {
    static_cast<void>(LatencyHistogram::from_text(text, exact));
    return "none";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::failure);
    return error.what();
  }
}

TEST(LatencyHistogramText, names_the_entry_that_does_not_fit) {
  const auto entry = [](const std::string& text) {
    return "latency histogram: entry '" + text + "' cannot be read: ";
  };
  const std::string form = "lower_ns:count is expected, both whole numbers";
  EXPECT_EQ(refusal("1:2 x:3"), entry("x:3") + form);
  EXPECT_EQ(refusal("1:2 17"), entry("17") + form);
  EXPECT_EQ(refusal("1:2  3:4"), entry("") + form);
  EXPECT_EQ(refusal("-1:2"), entry("-1:2") + form);
  EXPECT_EQ(refusal("1:2.5"), entry("1:2.5") + form);
  EXPECT_EQ(refusal("1:0"), entry("1:0") + "a count is 1 to 4294967295");
  EXPECT_EQ(refusal("1:4294967296"), entry("1:4294967296") + "a count is 1 to 4294967295");
  EXPECT_EQ(refusal("4099:1"),
            entry("4099:1") + "no bucket starts there, the nearest below is 4096");
  EXPECT_EQ(refusal("7:1 7:1"), entry("7:1") + "entries ascend");
  EXPECT_EQ(refusal("9:1 7:1"), entry("7:1") + "entries ascend");
}

TEST(LatencyHistogramText, refuses_exact_figures_of_another_histogram) {
  EXPECT_EQ(refusal("2048:1 4096:1", ExactFigures{2049, 4099, 6148}), "none");
  EXPECT_EQ(refusal("2048:1 4096:1", ExactFigures{2050, 4099, 6149}),
            "latency histogram: a least of 2050 ns and a most of 4099 ns do not belong to buckets "
            "from 2048 to 4099 ns");
  EXPECT_NE(refusal("2048:1 4096:1", ExactFigures{2049, 4100, 6149}), "none");
  EXPECT_NE(refusal("", ExactFigures{5, 5, 5}), "none");
}

}  // namespace
}  // namespace lockbench
