#include "harness/metrics/stop.hpp"

#include <gtest/gtest.h>

namespace lockbench {
namespace {

double stop_in(double took_s, Cell run_queue_wait_s) {
  return stopped_s({.asked_s = 0.02, .took_s = took_s, .run_queue_wait_s = run_queue_wait_s});
}

TEST(Stop, a_beat_in_time_or_early_is_none) {
  EXPECT_EQ(stop_in(0.0201, 0), 0);
  EXPECT_EQ(stop_in(0.001, 0), 0);
}

TEST(Stop, a_beat_that_is_late_without_waiting_for_a_cpu_is_one) {
  EXPECT_DOUBLE_EQ(stop_in(3.22, 0), 3.2);
  EXPECT_DOUBLE_EQ(stop_in(3.22, 0.2), 3);
}

TEST(Stop, a_beat_that_is_late_for_want_of_a_cpu_is_none) {
  EXPECT_EQ(stop_in(3.22, 3.19), 0);
}

TEST(Stop, a_hypervisor_or_a_quota_may_make_a_beat_a_little_late) {
  EXPECT_EQ(stop_in(0.119, 0), 0);
  EXPECT_GT(stop_in(0.121, 0), 0);
}

TEST(Stop, a_beat_must_be_later_where_the_wait_for_a_cpu_is_unknown) {
  EXPECT_EQ(stop_in(0.9, {}), 0);
  EXPECT_DOUBLE_EQ(stop_in(1.52, {}), 1.5);
}

}  // namespace
}  // namespace lockbench
