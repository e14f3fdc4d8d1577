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

/// As above, for a thread that waited on a run queue so long between the barrier and its start, and
/// between its start and its stop.
ThreadRecord thread_waiting(int start_ms, int stop_ms, int wait_before_ms, int wait_within_ms) {
  auto record = thread_from(start_ms, stop_ms, 10);
  record.arrival.time = Clock::time_point(milliseconds(997));
  record.arrival.run_queue_wait_ns = 5'000'000;
  record.start.run_queue_wait_ns = 5'000'000 + wait_before_ms * 1'000'000LL;
  record.stop.run_queue_wait_ns = *record.start.run_queue_wait_ns + wait_within_ms * 1'000'000LL;
  return record;
}

/// As above where the kernel tells no wait: it used so much of a CPU, and gave it up so many times.
ThreadRecord thread_using(int start_ms, int stop_ms, int cpu_ms, std::int64_t given_up) {
  auto record = thread_from(start_ms, stop_ms, 10);
  record.arrival.time = Clock::time_point(milliseconds(997));
  record.start.cpu_s = cpu_ms * 1e-3;
  record.start.voluntary_switches = given_up;
  record.stop.cpu_s = record.start.cpu_s + (stop_ms - start_ms) * 1e-3;
  record.stop.voluntary_switches = given_up;
  return record;
}

TEST(Measurement, a_thread_that_the_queue_held_since_the_warm_up_was_able_to_run) {
  // Asleep or spinning: it waited for no CPU.
  const std::vector threads{thread_waiting(0, 100, 0, 0), thread_waiting(80, 100, 1, 0)};
  const auto measurement = measurement_of(threads);
  EXPECT_DOUBLE_EQ(measurement.overlap, 0.99);
  EXPECT_DOUBLE_EQ(measurement.longest_gap_s, 0.08);
}

TEST(Measurement, a_thread_that_was_stuck_to_the_end_neither_ends_the_window_nor_spoils_it) {
  const std::vector threads{thread_waiting(0, 100, 0, 0), thread_waiting(150, 150, 0, 0)};
  const auto measurement = measurement_of(threads);
  EXPECT_DOUBLE_EQ(measurement.duration_s, 0.1);
  EXPECT_DOUBLE_EQ(measurement.overlap, 1);
  EXPECT_DOUBLE_EQ(measurement.longest_gap_s, 0.1);
}

TEST(Measurement, a_thread_that_others_kept_off_its_cpu_was_not_able_to_run) {
  EXPECT_DOUBLE_EQ(
      measurement_of(std::vector{thread_waiting(0, 100, 0, 0), thread_waiting(30, 100, 32, 0)})
          .overlap,
      0.7);
  EXPECT_DOUBLE_EQ(
      measurement_of(std::vector{thread_waiting(0, 100, 0, 0), thread_waiting(101, 101, 104, 0)})
          .overlap,
      0);
}

TEST(Measurement, where_no_run_queue_wait_is_known_it_is_the_time_without_a_cpu) {
  const auto other = thread_using(0, 100, 3, 0);
  EXPECT_DOUBLE_EQ(measurement_of(std::vector{other, thread_using(101, 101, 104, 0)}).overlap, 1);
  EXPECT_NEAR(measurement_of(std::vector{other, thread_using(50, 100, 13, 0)}).overlap, 0.6, 1e-6);
}

TEST(Measurement, where_no_run_queue_wait_is_known_a_thread_that_gave_up_its_cpu_was_able) {
  const auto other = thread_using(0, 100, 3, 0);
  const auto measurement = measurement_of(std::vector{other, thread_using(101, 101, 1, 1)});
  EXPECT_DOUBLE_EQ(measurement.overlap, 1);
  EXPECT_DOUBLE_EQ(measurement.longest_gap_s, 0.1);
}

TEST(Measurement, a_consumer_that_sleeps_through_the_window_was_able_and_has_no_gap) {
  auto sleeper = thread_waiting(101, 101, 1, 0);
  sleeper.woken_by_stop = true;
  auto measurement = measurement_of(std::vector{thread_waiting(0, 100, 0, 0), sleeper});
  EXPECT_DOUBLE_EQ(measurement.overlap, 1);
  EXPECT_DOUBLE_EQ(measurement.duration_s, 0.1);
  EXPECT_DOUBLE_EQ(measurement.longest_gap_s, 0);
  // Nothing else is known of it where the kernel tells no wait.
  sleeper.start.run_queue_wait_ns = std::nullopt;
  measurement = measurement_of(std::vector{thread_from(0, 100, 10), sleeper});
  EXPECT_DOUBLE_EQ(measurement.overlap, 1);
}

TEST(Measurement, a_late_stop_is_held_against_a_window_only_as_far_as_the_thread_had_no_cpu) {
  const auto other = thread_waiting(0, 100, 0, 0);
  EXPECT_DOUBLE_EQ(measurement_of(std::vector{other, thread_waiting(0, 200, 0, 0)}).overlap, 1);
  EXPECT_DOUBLE_EQ(measurement_of(std::vector{other, thread_waiting(0, 200, 0, 50)}).overlap, 0.75);
  EXPECT_DOUBLE_EQ(measurement_of(std::vector{other, thread_waiting(0, 200, 0, 150)}).overlap, 0.5);
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
