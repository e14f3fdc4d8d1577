#include "harness/plan/plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "harness/engine/block_runner.hpp"
#include "harness/engine/block_task.hpp"
#include "harness/errors.hpp"
#include "harness/plan/request_json.hpp"

namespace lockbench {
namespace {

Request request_for(std::vector<std::string> strategies) {
  Request request;
  request.strategies = std::move(strategies);
  request.seed = 1;
  return request;
}

TEST(Plan, every_block_has_its_strategies_a_twin_and_null) {
  const auto plan = make_plan(request_for({"rwlock", "mutex"}), 2);
  ASSERT_EQ(plan.blocks.size(), 1U);
  const std::vector<Label> expected{
      {"rwlock", false}, {"mutex", false}, {"rwlock", true}, {"null", false}};
  EXPECT_EQ(plan.blocks[0].labels, expected);
}

TEST(Plan, null_that_was_asked_for_is_not_entered_twice_and_is_never_the_twin) {
  const auto plan = make_plan(request_for({"null", "mutex"}), 2);
  const std::vector<Label> expected{{"null", false}, {"mutex", false}, {"mutex", true}};
  EXPECT_EQ(plan.blocks[0].labels, expected);
  EXPECT_EQ(make_plan(request_for({"null"}), 2).blocks[0].labels,
            (std::vector<Label>{{"null", false}}));
}

TEST(Plan, takes_every_combination_once_in_every_process) {
  auto request = request_for({"mutex"});
  request.threads = {1, 2, 4};
  request.read_ratios = {0, 0.5};
  request.pinnings = {Pinning::compact, Pinning::none};
  request.processes = 3;
  const auto plan = make_plan(request, 2);
  EXPECT_EQ(plan.blocks.size(), 12U);
  std::set<std::pair<std::uint32_t, std::uint32_t>> runs;
  for (const auto& run : plan.order) runs.insert({run.block, run.process});
  EXPECT_EQ(runs.size(), 36U);
  EXPECT_EQ(plan.order.size(), 36U);
}

TEST(Plan, is_the_same_for_the_same_seed_and_another_order_for_another) {
  auto request = request_for({"mutex"});
  request.threads = {1, 2, 3, 4, 5, 6, 7, 8};
  EXPECT_EQ(make_plan(request, 2).order, make_plan(request, 2).order);
  auto other = request;
  other.seed = 2;
  EXPECT_NE(make_plan(request, 2).order, make_plan(other, 2).order);
}

TEST(Plan, windows_of_oversubscribed_blocks_last_four_scheduling_rounds) {
  auto request = request_for({"mutex"});
  request.threads = {2, 16};
  const auto plan = make_plan(request, 2);
  EXPECT_FALSE(plan.blocks[0].oversubscribed);
  EXPECT_DOUBLE_EQ(plan.blocks[0].window_s, 0.015);
  EXPECT_TRUE(plan.blocks[1].oversubscribed);
  EXPECT_DOUBLE_EQ(plan.blocks[1].window_s, 4 * 16 / 2.0 * 0.004);
}

TEST(Plan, a_quota_below_the_team_counts_as_oversubscribed) {
  auto request = request_for({"mutex"});
  request.threads = {2};
  EXPECT_TRUE(make_plan(request, 1.5).blocks[0].oversubscribed);
}

TEST(Plan, producer_consumer_splits_threads_unless_roles_are_given) {
  auto request = request_for({"mutex"});
  request.workloads = {"producer_consumer"};
  request.threads = {1, 2, 5};
  const auto plan = make_plan(request, 8);
  ASSERT_EQ(plan.blocks.size(), 2U);  // one thread needs a partner: the same as two
  EXPECT_EQ(plan.blocks[1].point.producers, 2U);
  EXPECT_EQ(plan.blocks[1].point.consumers, 3U);
  request.producers = {1, 4};
  request.consumers = {2};
  EXPECT_EQ(make_plan(request, 8).blocks[1].point.threads, 6U);
}

TEST(Plan, refuses_a_capacity_without_room_for_the_prefill) {
  auto request = request_for({"mutex"});
  request.capacity = 100;
  try {
    (void)make_plan(request, 2);
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::usage);
    EXPECT_NE(std::string(error.what()).find("--capacity 100"), std::string::npos);
  }
}

TEST(Plan, the_same_cpu_point_is_one_block_more_and_oversubscribed) {
  auto request = request_for({"mutex"});
  request.same_cpu_point = true;
  const auto plan = make_plan(request, 8);
  ASSERT_EQ(plan.blocks.size(), 2U);
  EXPECT_EQ(point_id(plan.blocks[1].point),
            "producer_consumer/producers:1/consumers:1/pinning:same_cpu");
  EXPECT_TRUE(plan.blocks[1].oversubscribed);
}

TEST(PointId, names_every_parameter_that_is_not_the_default) {
  CaseParameters point;
  point.threads = 4;
  EXPECT_EQ(point_id(point), "mixed/threads:4/read_ratio:0.5");
  point.prefill = 10;
  point.pinning = Pinning::none;
  EXPECT_EQ(point_id(point), "mixed/threads:4/read_ratio:0.5/prefill:10/pinning:none");
}

TEST(WindowOrder, has_every_label_once_in_every_round) {
  const auto order = window_order(5, 3, 42);
  ASSERT_EQ(order.size(), 15U);
  for (std::size_t round = 0; round < 3; ++round) {
    const std::set<std::uint32_t> labels(
        order.begin() + static_cast<std::ptrdiff_t>(5 * round),
        order.begin() + static_cast<std::ptrdiff_t>(5 * round + 5));
    EXPECT_EQ(labels.size(), 5U);
  }
  EXPECT_NE(order, window_order(5, 3, 43));
}

TEST(RequestJson, reads_back_what_it_wrote) {
  auto request = request_for({"mutex", "condvar"});
  request.window_s = 0.02;
  request.pinnings = {Pinning::scatter};
  request.seed = ~std::uint64_t{0};
  EXPECT_EQ(request_from_json(nlohmann::json::parse(to_json(request).dump())), request);
  EXPECT_THROW((void)request_from_json(nlohmann::json::object()), Error);
}

TEST(BlockTaskJson, reads_back_what_it_wrote) {
  const auto plan = make_plan(request_for({"mutex"}), 2);
  const BlockTask task{.run_id = "run",
                       .block = plan.blocks[0],
                       .process = 3,
                       .windows = 7,
                       .seed = ~std::uint64_t{0},
                       .cpus = {1, 0},
                       .unfit = "why"};
  const auto copy = block_task_from_json(nlohmann::json::parse(to_json(task).dump()));
  EXPECT_EQ(to_json(copy), to_json(task));
  EXPECT_EQ(copy.seed, task.seed);
  EXPECT_EQ(copy.block.point, task.block.point);
}

}  // namespace
}  // namespace lockbench
