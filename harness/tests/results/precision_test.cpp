#include "harness/results/precision.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include <nlohmann/json.hpp>

#include "harness/plan/plan.hpp"
#include "harness/results/conclusion.hpp"
#include "strategies/tests/test_scale.hpp"

namespace lockbench {
namespace {

/// A case of the block `point` whose interval is the median -+ a share of it; without an interval
/// where none is given.
SummaryRow summary_row(const std::string& strategy, const std::string& point, Cell half_width) {
  SummaryRow row;
  row.strategy = strategy;
  row.block_id = point;
  row.case_id = strategy + "/" + point;
  row["throughput_ops_s"_summary] = 1e6;
  if (half_width) {
    row["throughput_low_ops_s"_summary] = 1e6 * (1 - *half_width);
    row["throughput_high_ops_s"_summary] = 1e6 * (1 + *half_width);
  }
  return row;
}

TEST(PrecisionReached, asks_for_more_where_an_interval_is_wider_and_names_the_widest) {
  const std::vector rows{summary_row("mutex", "one", 0.01), summary_row("mutex", "two", 0.03),
                         summary_row("rwlock", "two", 0.041),
                         summary_row("condvar", "three", 0.02)};
  const auto reached = precision_reached(rows, 0.02);
  EXPECT_EQ(reached.cases, 4U);
  EXPECT_EQ(reached.wide, 2U);
  EXPECT_EQ(reached.wide_blocks, std::set<std::string>{"two"});
  EXPECT_EQ(reached.widest, "rwlock/two");
  EXPECT_NEAR(*reached.widest_half_width, 0.041, 1e-9);
}

TEST(PrecisionReached, counts_a_case_without_an_interval_as_wider_than_any) {
  const std::vector rows{summary_row("mutex", "one", 0.5), summary_row("rwlock", "two", {}),
                         summary_row("condvar", "two", 0.9)};
  const auto reached = precision_reached(rows, 1.0);
  EXPECT_EQ(reached.wide, 1U);
  EXPECT_EQ(reached.widest, "rwlock/two");
  EXPECT_FALSE(reached.widest_half_width.has_value());
}

SummaryRow unmeasured_row(const std::string& strategy, const std::string& problem) {
  auto row = summary_row(strategy, "lost", {});
  row["throughput_ops_s"_summary].reset();
  row.problem = Validity::from_text(problem);
  return row;
}

TEST(PrecisionReached, asks_for_more_where_only_noise_left_no_window) {
  for (const auto* const noise : {"overlap 0.50 below 0.9", "no operation succeeded"}) {
    EXPECT_EQ(precision_reached(std::vector{unmeasured_row("mutex", noise)}, 0.02).wide, 1U);
  }
  for (const auto* const lasting :
       {"violated: lost_updates=1", "crashed: killed by signal 6 (Aborted)", "hung: no end",
        "out of memory: killed", "not measured: failed here before", "built with assertions",
        "overlap 0.50 below 0.9; built as Debug, not as Release"}) {
    EXPECT_EQ(precision_reached(std::vector{unmeasured_row("mutex", lasting)}, 0.02).cases, 0U);
  }
}

TEST(PrecisionReached, asks_it_of_twins_but_not_of_what_has_no_result_to_compare) {
  auto twin = summary_row("mutex", "one", 0.09);
  twin.twin = true;
  auto crashed = summary_row("rwlock", "two", 0.5);
  crashed.problem.add(Invalid::crashed, "killed by signal 6 (Aborted)");
  const std::vector rows{summary_row("null", "four", 0.5), summary_row("unsafe", "four", 0.5),
                         crashed, twin};
  const auto reached = precision_reached(rows, 0.02);
  EXPECT_EQ(reached.cases, 1U);
  EXPECT_EQ(reached.wide_blocks, std::set<std::string>{"one"});
}

Plan plan_of_four_blocks(std::uint64_t seed) {
  Request request;
  request.strategies = {"mutex"};
  request.threads = {1, 2, 3, 4};
  request.seed = seed;
  request.precision = 0.02;
  return make_plan(request, 8);
}

TEST(FurtherRound, has_one_process_of_each_block_with_the_seed_that_it_would_have_in_the_plan) {
  const auto plan = plan_of_four_blocks(1);
  auto round = further_round(plan, {{0, 3}, {2, 7}});
  std::ranges::sort(round, {}, &ProcessRun::block);
  ASSERT_EQ(round.size(), 2U);
  const auto planned = [&](std::uint32_t block, std::uint32_t process) {
    return *std::ranges::find_if(plan.order, [=](const ProcessRun& run) {
      return run.block == block && run.process == process;
    });
  };
  EXPECT_EQ(round[0], planned(0, 3));
  EXPECT_EQ(round[1], planned(2, 7));
}

TEST(FurtherRound, is_in_an_order_of_its_own_that_the_seed_repeats) {
  std::set<std::vector<std::uint32_t>> orders;
  for (std::uint32_t process = 8; process < 28; ++process) {
    const std::map<std::uint32_t, std::uint32_t> next{
        {0, process}, {1, process}, {2, process}, {3, process}};
    const auto round = further_round(plan_of_four_blocks(1), next);
    EXPECT_EQ(round, further_round(plan_of_four_blocks(1), next));
    std::vector<std::uint32_t> order;
    for (const auto& run : round) order.push_back(run.block);
    orders.insert(order);
  }
  EXPECT_GT(orders.size(), 5U);
}

TEST(Plan, has_a_budget_of_ten_times_itself_where_none_is_given) {
  const auto plan = plan_of_four_blocks(1);
  EXPECT_DOUBLE_EQ(plan.budget_s, 10 * plan.predicted_s());
  Request request;
  request.strategies = {"mutex"};
  EXPECT_EQ(make_plan(request, 8).budget_s, 0);
  request.precision = 0.02;
  request.budget_s = 7;
  EXPECT_EQ(make_plan(request, 8).budget_s, 7);
}

/// Adds to eight values of a law about 1 until the interval of their median is as narrow as asked.
Estimate stopped_when_narrow(std::mt19937_64& random, double asked) {
  std::lognormal_distribution<double> law(0.0, 0.05);
  std::vector<double> values(8);
  std::ranges::generate(values, [&] { return law(random); });
  for (;;) {
    const auto estimate = median_with_interval(values);
    const double half_width = (estimate.interval->high - estimate.interval->low) / 2;
    if (half_width <= asked * estimate.value) return estimate;
    values.push_back(law(random));
  }
}

// Stopping as soon as an interval is narrow happens a little more often where chance made it narrow.
TEST(PrecisionReached, costs_an_interval_only_a_few_percent_of_its_coverage) {
  std::mt19937_64 random(12);
  const auto trials = static_cast<int>(testing_support::scaled(2000));
  for (const double asked : {0.015, 0.03, 0.05}) {
    int covered = 0;
    for (int trial = 0; trial < trials; ++trial) {
      covered += stopped_when_narrow(random, asked).interval->contains(1) ? 1 : 0;
    }
    EXPECT_GE(static_cast<double>(covered) / trials, 0.89) << asked;
  }
}

PrecisionConclusion conclusion_with(std::uint32_t cases, std::uint32_t wide) {
  PrecisionConclusion conclusion{
      .budget_s = 60, .spent_s = 60.2, .processes = 31, .further_processes = 7};
  conclusion.reached.asked = 0.02;
  conclusion.reached.cases = cases;
  conclusion.reached.wide = wide;
  conclusion.reached.widest = "rwlock/mixed/threads:2/read_ratio:0.5";
  conclusion.reached.widest_half_width = 0.0413;
  return conclusion;
}

std::string text_of(const PrecisionConclusion& precision) {
  Conclusion conclusion;
  conclusion.precision = precision;
  return conclusion_text(conclusion);
}

TEST(Conclusion, says_how_far_it_came_with_the_precision_asked_for) {
  EXPECT_NE(text_of(conclusion_with(14, 0))
                .find("precision: 2 % reached in 14 of 14 cases after 31 processes\n"),
            std::string::npos);
  EXPECT_NE(
      text_of(conclusion_with(14, 3))
          .find("precision: budget of 60 s spent; 3 of 14 cases are wider than 2 %, the widest "
                "± 4.1 % (rwlock/mixed/threads:2/read_ratio:0.5)\n"),
      std::string::npos);
  auto early = conclusion_with(14, 1);
  early.spent_s = 1;
  early.reached.widest_half_width.reset();
  EXPECT_NE(text_of(early).find("precision: 1 of 14 cases is wider than 2 %, the widest without an "
                                "interval (rwlock/"),
            std::string::npos);
  EXPECT_NE(text_of(conclusion_with(0, 0)).find("precision: no case can have a result"),
            std::string::npos);
  EXPECT_EQ(conclusion_text(Conclusion{}).find("precision"), std::string::npos);
}

TEST(Conclusion, keeps_the_same_as_data) {
  Conclusion conclusion;
  EXPECT_TRUE(to_json(conclusion).at("precision").is_null());
  conclusion.precision = conclusion_with(14, 3);
  const auto data = to_json(conclusion).at("precision");
  EXPECT_EQ(data.at("asked"), 0.02);
  EXPECT_EQ(data.at("cases"), 14);
  EXPECT_EQ(data.at("wide_cases"), 3);
  EXPECT_EQ(data.at("widest_half_width"), 0.0413);
  EXPECT_EQ(data.at("reached"), false);
  EXPECT_EQ(data.at("further_processes"), 7);
}

}  // namespace
}  // namespace lockbench
