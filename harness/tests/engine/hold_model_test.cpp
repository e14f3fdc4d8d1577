/// The hold model as functions of values.

#include "harness/engine/hold_model.hpp"

#include <gtest/gtest.h>

#include <array>
#include <climits>
#include <cstddef>

#include "harness/workloads/catalogue.hpp"

namespace lockbench {
namespace {

TEST(HoldModel, gives_the_prefill_what_is_left_of_a_step_at_a_random_time) {
  CaseParameters point;
  point.priorities = 4;
  Random random(1);
  constexpr int draws = 100'000;
  std::array<int, 4> found{};
  for (int i = 0; i < draws; ++i) {
    ++found.at(static_cast<std::size_t>(INT_MAX - prefill_priority(point, 0, random)));
  }
  // Of steps 1 … 4, those longer than m: 4 - m of them, over their sum of 10.
  for (std::size_t m = 0; m < found.size(); ++m) {
    EXPECT_NEAR(found.at(m), draws * static_cast<double>(4 - m) / 10, draws / 200.0) << m;
  }
}

TEST(HoldModel, keeps_the_first_priorities_within_int_in_every_order) {
  for (const auto order : all_values<PriorityOrder>) {
    CaseParameters point;
    point.priorities = 65536;
    point.priority_order = order;
    Random random(1);
    for (std::uint32_t i = 0; i < 10'000; ++i) {
      EXPECT_LE(prefill_priority(point, i, random), first_priority(point)) << to_string(order);
    }
  }
}

TEST(HoldModel, wraps_around_instead_of_overflowing) {
  EXPECT_EQ(lowered(INT_MIN, 1), INT_MAX);
  EXPECT_EQ(raised(INT_MAX, 1), INT_MIN);
  EXPECT_EQ(lowered(5, 7), -2);
}

TEST(HoldModel, front_of_the_queue_is_published_once_in_a_stride) {
  QueueFront front{CaseParameters{}};
  EXPECT_EQ(front.priority(), INT_MAX);
  front.publish(QueueFront::stride - 1, 7);
  EXPECT_EQ(front.priority(), INT_MAX);
  front.publish(QueueFront::stride, 7);
  EXPECT_EQ(front.priority(), 7);
}

TEST(HoldModel, moves_by_a_mean_step_for_as_many_takes_as_there_are_tasks) {
  CaseParameters point;
  point.priorities = 15;
  point.prefill = 16;
  EXPECT_DOUBLE_EQ(levels_per_task(point, workload_named("mixed")), 0.5);
  point.prefill = 0;
  EXPECT_DOUBLE_EQ(levels_per_task(point, workload_named("mixed")), 8);
  EXPECT_DOUBLE_EQ(levels_per_task(point, workload_named("producer_consumer")), 0.125);
  EXPECT_EQ(levels_per_task(point, workload_named("burst")), 0);
  EXPECT_EQ(levels_per_task(point, workload_named("raw_fifo")), 0);
  point.priority_order = PriorityOrder::descending;
  EXPECT_EQ(levels_per_task(point, workload_named("hold")), 1);
}

}  // namespace
}  // namespace lockbench
