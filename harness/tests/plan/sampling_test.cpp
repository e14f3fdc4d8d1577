#include "harness/plan/sampling.hpp"

#include <gtest/gtest.h>

#include "harness/metrics/latency_histogram.hpp"
#include "harness/plan/plan.hpp"

namespace lockbench {
namespace {

/// The sampled windows of a run at its defaults.
constexpr double usual_s = 8 * 0.015;

CaseParameters point_with(std::uint32_t critical_section_ns, std::uint32_t think_ns) {
  CaseParameters point;
  point.idle_ns = 0;  // as plans have it for workloads that do not use it
  point.critical_section_ns = critical_section_ns;
  point.think_ns = think_ns;
  return point;
}

TEST(Sampling, times_as_many_as_usual_in_a_run_of_short_operations) {
  EXPECT_EQ(sample_every_for(point_with(0, 0), 1.0), usual_sample_every);
  EXPECT_NEAR(sample_every_for(point_with(0, 0), usual_s), usual_sample_every, 32);
}

TEST(Sampling, of_long_operations_gives_a_p99_wherever_the_window_holds_enough_of_them) {
  for (const std::uint32_t critical_ns : {0U, 100U, 1'000U, 10'000U}) {
    for (const std::uint32_t think_ns : {0U, 100U, 1'000U, 10'000U}) {
      const auto every = sample_every_for(point_with(critical_ns, think_ns), usual_s);
      const double operations = 1e9 * usual_s / (500 + critical_ns + think_ns);
      EXPECT_GE(operations / every, 0.99 * fewest_samples_of_p99) << critical_ns << " " << think_ns;
    }
  }
}

TEST(Sampling, takes_the_same_small_share_of_the_time_however_long_operations_are) {
  constexpr double reading_ns = 54;
  for (const std::uint32_t ns : {0U, 50U, 200U, 1'000U, 20'000U}) {
    const double every = sample_every_for(point_with(ns, 0), 1e-6);  // as many as it ever takes
    EXPECT_LE(reading_ns / every / (25.0 + ns), 0.06) << ns;
  }
}

TEST(Sampling, times_more_where_windows_are_few_but_not_so_many_as_to_disturb) {
  EXPECT_LT(sample_every_for(point_with(0, 0), usual_s / 2),
            sample_every_for(point_with(0, 0), usual_s));
  EXPECT_EQ(sample_every_for(point_with(0, 0), 1e-6), usual_sample_every / 4);
}

TEST(Sampling, counts_the_work_of_a_task_too) {
  auto point = point_with(0, 0);
  point.work_ns = 100'000;
  EXPECT_EQ(sample_every_for(point, usual_s), 1U);
}

Request request_for_mutex() {
  Request request;
  request.strategies = {"mutex"};
  request.seed = 1;
  return request;
}

TEST(Sampling, of_a_plan_is_chosen_for_each_point_unless_it_was_asked_for) {
  auto request = request_for_mutex();
  request.think_ns = {0, 1000};
  const auto chosen = make_plan(request, 2).blocks;
  EXPECT_GT(chosen[0].sample_every, 100U);
  EXPECT_LT(chosen[1].sample_every, 10U);
  for (const std::uint32_t asked : {0U, 256U, 7U}) {
    request.sample_every = asked;
    for (const auto& block : make_plan(request, 2).blocks) EXPECT_EQ(block.sample_every, asked);
  }
}

}  // namespace
}  // namespace lockbench
