#include "harness/metrics/measurement.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

namespace lockbench {
namespace {

using std::chrono::milliseconds;

ThreadRecord thread_from(int start_ms, int stop_ms, std::uint64_t reads) {
  ThreadRecord record;
  record.start.time = Clock::time_point(milliseconds(1000 + start_ms));
  record.stop.time = Clock::time_point(milliseconds(1000 + stop_ms));
  record.measured.reads = reads;
  return record;
}

TEST(Measurement, divides_by_the_time_from_the_first_start_to_the_last_stop) {
  const std::vector threads{thread_from(0, 90, 300), thread_from(10, 100, 100)};
  const auto measurement = measurement_of(threads);
  EXPECT_DOUBLE_EQ(measurement.duration_s, 0.1);
  EXPECT_DOUBLE_EQ(measurement.throughput_ops_s, 4000);
  EXPECT_DOUBLE_EQ(measurement.overlap, 0.8);
  EXPECT_DOUBLE_EQ(measurement.fairness_jain,
                   400.0 * 400.0 / (2 * (300.0 * 300.0 + 100.0 * 100.0)));
}

TEST(Measurement, overlap_is_zero_when_threads_ran_one_after_the_other) {
  const std::vector threads{thread_from(0, 40, 1), thread_from(60, 100, 1)};
  EXPECT_DOUBLE_EQ(measurement_of(threads).overlap, 0);
}

TEST(Measurement, a_thread_held_up_from_the_start_has_waited_since_the_others_began) {
  std::vector threads{thread_from(0, 100, 10), thread_from(100, 100, 0)};
  threads[0].longest_gap = milliseconds(2);
  EXPECT_DOUBLE_EQ(measurement_of(threads).longest_gap_s, 0.1);
  threads[1] = thread_from(1, 100, 10);
  EXPECT_DOUBLE_EQ(measurement_of(threads).longest_gap_s, 0.002);
}

TEST(Measurement, a_consumer_woken_by_the_stop_does_not_stretch_the_window) {
  std::vector threads{thread_from(0, 100, 10), thread_from(0, 101, 10)};
  threads[0].role = 1;
  threads[1].woken_by_stop = true;
  EXPECT_DOUBLE_EQ(measurement_of(threads).duration_s, 0.1);
  threads[0].woken_by_stop = true;  // when all were asleep there is no better stop
  EXPECT_DOUBLE_EQ(measurement_of(threads).duration_s, 0.101);
}

TEST(Measurement, judges_fairness_within_a_role_never_between_roles) {
  std::vector threads{thread_from(0, 10, 1000), thread_from(0, 10, 1000), thread_from(0, 10, 5),
                      thread_from(0, 10, 5)};
  threads[0].role = threads[1].role = 1;
  EXPECT_DOUBLE_EQ(measurement_of(threads).fairness_jain, 1.0);
  threads[3].measured.reads = 15;
  EXPECT_DOUBLE_EQ(measurement_of(threads).fairness_jain, 400.0 / (2 * 250.0));
  EXPECT_DOUBLE_EQ(measurement_of(threads).min_thread_share, 0.5);
}

TEST(Measurement, empty_takes_and_refused_adds_are_no_operations) {
  auto thread = thread_from(0, 10, 0);
  thread.measured.empty_takes = 1000;
  thread.measured.full_adds = 1000;
  EXPECT_EQ(measurement_of(std::vector{thread}).tally.operations(), 0U);
}

/// Three added, two taken, one left.
Account sound_account() {
  Account account;
  account.added = 3;
  account.taken = 2;
  account.remaining = 1;
  account.size_before_drain = 1;
  for (const TaskId id : {1U, 2U, 3U}) {
    account.added_ids.include(id);
    account.taken_ids.include(4 - id);  // in another order
  }
  return account;
}

TEST(Audit, finds_nothing_in_a_sound_account) {
  EXPECT_FALSE(audit(sound_account()).any());
  EXPECT_EQ(audit(sound_account()).text(), "");
}

TEST(Audit, finds_a_lost_task) {
  auto account = sound_account();
  account.remaining = 0;
  EXPECT_EQ(audit(account).text(), "lost_updates=1 wrong_size=1");
}

TEST(Audit, finds_a_task_that_nobody_added) {
  auto account = sound_account();
  account.taken = 3;
  EXPECT_EQ(audit(account).text(), "invented=1");
}

TEST(Audit, finds_one_task_handed_out_in_place_of_another_though_the_counts_agree) {
  auto account = sound_account();
  account.taken_ids.sum -= mixed_bits(1);
  account.taken_ids.include(77);
  EXPECT_EQ(audit(account).text(), "lost_updates=1 invented=1");
}

TEST(Audit, counts_double_hand_outs_and_what_they_displaced) {
  auto account = sound_account();
  account.contradictions.double_hand_outs = 1;
  EXPECT_EQ(audit(account).text(), "double_hand_outs=1 lost_updates=1");
}

TEST(Audit, finds_a_task_that_remained_twice) {
  auto account = sound_account();
  account.remaining = 2;
  account.remaining_twice = 1;
  account.size_before_drain = 2;
  EXPECT_EQ(audit(account).text(), "double_hand_outs=1");
}

TEST(Audit, finds_wrong_answers_of_every_kind) {
  auto account = sound_account();
  account.size_before_drain = 5;
  account.contradictions.refused_new_ids = 2;
  account.contradictions.refused_forgets = 3;
  account.contradictions.wrong_statuses = 4;
  EXPECT_EQ(audit(account).text(),
            "refused_new_ids=2 refused_forgets=3 wrong_statuses=4 wrong_size=4");
}

}  // namespace
}  // namespace lockbench
