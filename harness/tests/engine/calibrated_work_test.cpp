#include "harness/engine/calibrated_work.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "harness/base/field_text.hpp"

namespace lockbench {
namespace {

constexpr WorkRate rate{.steps_per_ns = 0.8, .call_ns = 7};

std::vector<std::uint32_t> counts_of(double amount_ns, Jitter jitter, std::uint64_t seed = 1) {
  Random random{seed};
  return draw_step_counts(amount_ns, jitter, rate, random);
}

/// How long the counted steps take at `rate`.
std::vector<double> times_ns(const std::vector<std::uint32_t>& step_counts) {
  std::vector<double> times;
  for (const auto steps : step_counts) times.push_back(rate.call_ns + steps / rate.steps_per_ns);
  return times;
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

TEST(Jitter, names_are_read_as_they_are_written_and_no_others) {
  for (const auto jitter : all_values<Jitter>) {
    Jitter read{};
    EXPECT_TRUE(field::read(to_string(jitter), read));
    EXPECT_EQ(read, jitter);
  }
  Jitter unread{};
  EXPECT_FALSE(field::read("normal", unread));
}

TEST(Jitter, lengths_lie_where_their_distribution_has_them) {
  EXPECT_EQ(jittered(Jitter::none, 0.9), 1);
  EXPECT_EQ(jittered(Jitter::uniform, 0), 0.5);
  EXPECT_EQ(jittered(Jitter::uniform, 0.75), 1.25);
  EXPECT_EQ(jittered(Jitter::exponential, 0), 0);
  EXPECT_NEAR(jittered(Jitter::exponential, 0.5), std::log(2), 1e-12);
  EXPECT_EQ(jittered(Jitter::exponential, 1 - 1e-15), longest_jitter);
}

TEST(StepCounts, the_mean_is_the_amount_whatever_the_jitter_and_the_seed) {
  for (const auto jitter : {Jitter::uniform, Jitter::exponential}) {
    for (const double amount_ns : {10.0, 50.0, 333.3, 1e3, 1e5, longest_work_ns}) {
      for (const std::uint64_t seed : {1U, 2U, 3U}) {
        const auto counts = counts_of(amount_ns, jitter, seed);
        EXPECT_EQ(counts.size(), stratified_draws);
        EXPECT_NEAR(mean(times_ns(counts)), amount_ns, amount_ns * 0.001)
            << to_string(jitter) << ' ' << seed;
      }
    }
  }
}

TEST(StepCounts, without_jitter_there_is_one_and_it_is_the_amount_to_within_a_step) {
  for (const double amount_ns : {7.0, 10.0, 50.0, 1e3, longest_work_ns}) {
    const auto counts = counts_of(amount_ns, Jitter::none);
    ASSERT_EQ(counts.size(), 1U);
    EXPECT_NEAR(times_ns(counts)[0], amount_ns, 0.5 / rate.steps_per_ns + 1e-6);
  }
}

TEST(StepCounts, uniform_ones_spread_from_half_the_amount_to_one_and_a_half) {
  const auto times = times_ns(counts_of(1e4, Jitter::uniform));
  const auto [least, most] = std::minmax_element(times.begin(), times.end());
  EXPECT_NEAR(*least, 5e3, 50);
  EXPECT_NEAR(*most, 15e3, 50);
}

TEST(StepCounts, exponential_ones_vary_as_much_as_their_mean) {
  const auto times = times_ns(counts_of(1e4, Jitter::exponential));
  double squares = 0;
  for (const double time : times) squares += (time - 1e4) * (time - 1e4);
  EXPECT_NEAR(std::sqrt(squares / static_cast<double>(times.size())), 1e4, 1e3);
  EXPECT_LE(*std::max_element(times.begin(), times.end()), 1.01 * longest_jitter * 1e4);
}

TEST(StepCounts, depend_on_the_seed_and_on_nothing_else) {
  for (const auto jitter : {Jitter::uniform, Jitter::exponential}) {
    EXPECT_EQ(counts_of(1e3, jitter, 7), counts_of(1e3, jitter, 7));
    EXPECT_NE(counts_of(1e3, jitter, 7), counts_of(1e3, jitter, 8));
  }
}

TEST(StepCounts, work_that_is_shorter_than_a_call_has_no_steps) {
  EXPECT_EQ(counts_of(5, Jitter::none), std::vector<std::uint32_t>{0});
  const auto counts = counts_of(5, Jitter::exponential);
  EXPECT_LE(mean(times_ns(counts)), 2 * rate.call_ns);
}

/// Steps of each of `runs` runs.
std::vector<double> steps_of_runs(WorkSource work, int runs) {
  std::vector<double> steps;
  for (int run = 0; run < runs; ++run) {
    const auto before = work.steps_done();
    work.run();
    steps.push_back(static_cast<double>(work.steps_done() - before));
  }
  return steps;
}

constexpr WorkRate one_step_a_ns{.steps_per_ns = 1, .call_ns = 0};

TEST(WorkSource, an_amount_of_nothing_does_no_step) {
  for (const auto jitter : all_values<Jitter>) {
    WorkSource work{0, jitter, rate, Random{1}};
    for (int run = 0; run < 100; ++run) work.run();
    EXPECT_EQ(work.steps_done(), 0U);
  }
  WorkSource unset;
  unset.run();
  EXPECT_EQ(unset.steps_done(), 0U);
}

TEST(WorkSource, work_without_jitter_is_always_the_same) {
  const auto steps = steps_of_runs({50, Jitter::none, one_step_a_ns, Random{1}}, 100);
  EXPECT_EQ(steps, std::vector<double>(100, 50.0));
}

TEST(WorkSource, jittered_work_has_the_mean_that_was_asked_for) {
  for (const auto jitter : {Jitter::uniform, Jitter::exponential}) {
    const auto steps = steps_of_runs({50, jitter, one_step_a_ns, Random{1}}, 20'000);
    EXPECT_NEAR(mean(steps), 50, 1.5) << to_string(jitter);
  }
}

TEST(WorkSource, one_piece_of_work_does_not_tell_the_length_of_the_next) {
  const auto steps = steps_of_runs({50, Jitter::exponential, one_step_a_ns, Random{1}}, 20'000);
  double products = 0;
  double squares = 0;
  for (std::size_t i = 1; i < steps.size(); ++i) {
    products += (steps[i - 1] - 50) * (steps[i] - 50);
    squares += (steps[i] - 50) * (steps[i] - 50);
  }
  EXPECT_NEAR(products / squares, 0, 0.03);
}

TEST(WorkSource, sources_of_one_seed_work_alike_and_others_do_not) {
  const auto with_seed = [](std::uint64_t seed) {
    return steps_of_runs({50, Jitter::exponential, one_step_a_ns, Random{seed}}, 100);
  };
  EXPECT_EQ(with_seed(7), with_seed(7));
  EXPECT_NE(with_seed(7), with_seed(8));
}

}  // namespace
}  // namespace lockbench
