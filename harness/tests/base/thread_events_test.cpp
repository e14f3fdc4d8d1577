#include "harness/base/thread_events.hpp"

#include <gtest/gtest.h>

namespace lockbench {
namespace {

CounterReading reading_of(ThreadEvent event, EventReading reading) {
  CounterReading all;
  all.events[event] = reading;
  return all;
}

TEST(CounterDifference, an_event_that_always_ran_is_what_was_counted) {
  const auto delta = difference(reading_of(ThreadEvent::cycles, {100, 50, 50}),
                                reading_of(ThreadEvent::cycles, {1100, 80, 80}));
  EXPECT_EQ(delta.counts[ThreadEvent::cycles], 1000);
  EXPECT_EQ(delta.counted_share, 1);
}

TEST(CounterDifference, an_event_that_shared_its_counter_is_scaled_to_the_whole_time) {
  const auto delta = difference(reading_of(ThreadEvent::cycles, {100, 1000, 400}),
                                reading_of(ThreadEvent::cycles, {400, 2000, 650}));
  EXPECT_DOUBLE_EQ(*delta.counts[ThreadEvent::cycles], 1200) << "300 in a quarter of the time";
  EXPECT_DOUBLE_EQ(*delta.counted_share, 0.25);
}

TEST(CounterDifference, the_least_share_of_all_events_is_told) {
  CounterReading start = reading_of(ThreadEvent::cycles, {0, 0, 0});
  CounterReading stop = reading_of(ThreadEvent::cycles, {10, 100, 100});
  start.events[ThreadEvent::branch_misses] = {0, 0, 0};
  stop.events[ThreadEvent::branch_misses] = {10, 100, 40};
  EXPECT_DOUBLE_EQ(*difference(start, stop).counted_share, 0.4);
}

TEST(CounterDifference, an_event_that_never_ran_is_empty_and_not_0) {
  const auto delta = difference(reading_of(ThreadEvent::cycles, {7, 1000, 400}),
                                reading_of(ThreadEvent::cycles, {7, 2000, 400}));
  EXPECT_EQ(delta.counts[ThreadEvent::cycles], std::nullopt);
  EXPECT_EQ(delta.counted_share, 0);
}

TEST(CounterDifference, an_event_that_is_not_there_is_empty) {
  const auto delta =
      difference(CounterReading{}, reading_of(ThreadEvent::instructions, {5, 10, 10}));
  for (const ThreadEvent event : all_values<ThreadEvent>) {
    EXPECT_EQ(delta.counts[event], std::nullopt) << to_string(event);
  }
  EXPECT_EQ(delta.counted_share, std::nullopt);
}

TEST(CounterDifference, what_the_kernel_counts_always_needs_no_times_and_has_no_share) {
  const auto delta = difference(reading_of(ThreadEvent::cpu_migrations, {3, 0, 0}),
                                reading_of(ThreadEvent::cpu_migrations, {5, 0, 0}));
  EXPECT_EQ(delta.counts[ThreadEvent::cpu_migrations], 2);
  EXPECT_EQ(delta.counted_share, std::nullopt);
}

TEST(CounterDifference, readings_of_different_counters_give_nothing) {
  const auto delta = difference(reading_of(ThreadEvent::cycles, {900, 10, 10}),
                                reading_of(ThreadEvent::cycles, {100, 20, 20}));
  EXPECT_EQ(delta.counts[ThreadEvent::cycles], std::nullopt);
}

}  // namespace
}  // namespace lockbench
