#include "harness/results/service_level.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace lockbench {
namespace {

/// A case of `open_loop` whose p99 of the sojourn time is as given; unknown where none is.
SummaryRow at_load(double load, Cell p99_ns, const std::string& strategy = "mutex") {
  SummaryRow row;
  row.strategy = strategy;
  row.point.workload = "open_loop";
  row.point.threads = 2;
  row.point.producers = row.point.consumers = 1;
  row.point.load = load;
  row["offered_tasks_s"_summary] = 1e6 * load;
  row["sojourn_p99_ns"_summary] = p99_ns;
  return row;
}

constexpr double limit_ns = 1000;

std::vector<ServiceLevelRow> levels_of(const std::vector<SummaryRow>& rows) {
  return service_levels(rows, {.quantile = "p99", .limit_ns = limit_ns});
}

TEST(ServiceLevels, finds_the_highest_load_that_holds_and_the_next_that_does_not) {
  const auto levels = levels_of({at_load(0.9, 5000), at_load(0.5, 300), at_load(0.7, limit_ns)});
  ASSERT_EQ(levels.size(), 1U);
  EXPECT_EQ(levels[0].strategy, "mutex");
  EXPECT_EQ(levels[0].load, Cell(0.7));
  EXPECT_EQ(levels[0].offered_tasks_s, Cell(0.7e6));
  EXPECT_EQ(levels[0].reached_ns, Cell(limit_ns));
  EXPECT_EQ(levels[0].next_load, Cell(0.9));
  EXPECT_EQ(levels[0].next_reached_ns, Cell(5000));
}

TEST(ServiceLevels, a_lower_load_that_fails_ends_the_search) {
  const auto levels = levels_of({at_load(0.3, 200), at_load(0.5, 2000), at_load(0.7, 300)});
  ASSERT_EQ(levels.size(), 1U);
  EXPECT_EQ(levels[0].load, Cell(0.3));
  EXPECT_EQ(levels[0].next_load, Cell(0.5));
}

TEST(ServiceLevels, a_quantile_of_too_few_samples_does_not_hold) {
  const auto levels = levels_of({at_load(0.5, 300), at_load(0.7, {}), at_load(0.9, 300)});
  ASSERT_EQ(levels.size(), 1U);
  EXPECT_EQ(levels[0].load, Cell(0.5));
  EXPECT_EQ(levels[0].next_load, Cell(0.7));
  EXPECT_FALSE(levels[0].next_reached_ns.has_value());
}

TEST(ServiceLevels, says_when_no_load_holds_and_when_all_do) {
  const auto none = levels_of({at_load(0.5, 2000)});
  ASSERT_EQ(none.size(), 1U);
  EXPECT_FALSE(none[0].load.has_value());
  EXPECT_FALSE(none[0].offered_tasks_s.has_value());
  EXPECT_EQ(none[0].next_load, Cell(0.5));
  const auto all = levels_of({at_load(0.5, 200), at_load(0.9, 400)});
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].load, Cell(0.9));
  EXPECT_FALSE(all[0].next_load.has_value());
}

TEST(ServiceLevels, keeps_strategies_and_points_apart_and_leaves_out_what_is_not_to_be_compared) {
  auto other_point = at_load(0.5, 300);
  other_point.point.consumers = 3;
  other_point.point.threads = 4;
  auto twin = at_load(0.9, 300);
  twin.twin = true;
  auto closed = at_load(0, 300, "condvar");
  const auto levels = levels_of({at_load(0.5, 300), at_load(0.5, 2000, "rwlock"), other_point, twin,
                                 closed, at_load(0.5, 10, "null"), at_load(0.5, 10, "unsafe")});
  ASSERT_EQ(levels.size(), 3U);
  EXPECT_EQ(std::ranges::count(levels, "mutex", &ServiceLevelRow::strategy), 2);
  EXPECT_EQ(std::ranges::count(levels, "rwlock", &ServiceLevelRow::strategy), 1);
  EXPECT_EQ(std::ranges::count(levels, Cell(0.9), &ServiceLevelRow::load), 0);
}

TEST(ServiceLevels, looks_at_the_quantile_that_was_asked_for) {
  auto row = at_load(0.5, 300);
  row["sojourn_p99_9_ns"_summary] = 4000;  // p99.9
  const auto levels = service_levels(std::vector{row}, {.quantile = "p99_9", .limit_ns = limit_ns});
  ASSERT_EQ(levels.size(), 1U);
  EXPECT_EQ(levels[0].next_reached_ns, Cell(4000));
  EXPECT_FALSE(levels[0].load.has_value());
}

}  // namespace
}  // namespace lockbench
