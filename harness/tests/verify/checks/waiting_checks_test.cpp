/// The promises to threads that wait, on histories written by hand.

#include <gtest/gtest.h>

#include <chrono>
#include <numeric>
#include <vector>

#include "harness/verify/checks/checks.hpp"

namespace lockbench::verify {
namespace {

using namespace std::chrono_literals;

Operation add(TaskId id, Instant invoked, Instant returned) {
  return {.invoked = invoked,
          .returned = returned,
          .id = id,
          .call = Call::add,
          .answer = Answer::added};
}
Operation take(TaskId id, Instant invoked, Instant returned) {
  return {.invoked = invoked,
          .returned = returned,
          .id = id,
          .thread = 1,
          .call = Call::take,
          .answer = Answer::task};
}
Operation ended(Call call, TaskId id, Instant invoked, Instant returned) {
  return {.invoked = invoked,
          .returned = returned,
          .id = id,
          .thread = 1,
          .call = call,
          .answer = Answer::ok};
}
Operation without_answer(Call call, Instant invoked) {
  return {.invoked = invoked, .thread = 2, .call = call};
}
Operation returned(Call call, Instant invoked, Instant returned) {
  return {.invoked = invoked,
          .returned = returned,
          .thread = 3,
          .call = call,
          .answer = Answer::returned};
}
Operation timed_out(Instant invoked, Instant deadline, Instant returned) {
  return {.invoked = invoked,
          .returned = returned,
          .deadline = deadline,
          .call = Call::take,
          .answer = Answer::timed_out};
}

TEST(Stuck, a_waiter_beside_a_queued_task_has_lost_a_wake_up) {
  const auto verdict = check_stuck({without_answer(Call::take, 5), add(7, 10, 20)});
  EXPECT_EQ(verdict.judgement, Judgement::violated);
  EXPECT_NE(verdict.reason.find("lost wake-up"), std::string::npos);
  EXPECT_EQ(verdict.witnesses, (std::vector<std::size_t>{0, 1}));
}

TEST(Stuck, a_waiter_after_shutdown_was_left_behind) {
  const auto verdict =
      check_stuck({without_answer(Call::take, 5), returned(Call::shutdown_drain, 10, 20)});
  EXPECT_EQ(verdict.judgement, Judgement::violated);
  EXPECT_NE(verdict.reason.find("shut down"), std::string::npos);
}

TEST(Stuck, a_join_of_ended_tasks_missed_the_end) {
  const auto verdict = check_stuck(
      {add(1, 0, 1), take(1, 2, 3), without_answer(Call::join, 4), ended(Call::complete, 1, 5, 6)});
  EXPECT_EQ(verdict.judgement, Judgement::violated);
  EXPECT_NE(verdict.reason.find("join"), std::string::npos);
  EXPECT_EQ(verdict.witnesses, (std::vector<std::size_t>{2, 3}));
}

TEST(Stuck, a_call_that_never_waits_for_tasks_waits_for_a_lock) {
  const auto verdict =
      check_stuck({without_answer(Call::take, 5), without_answer(Call::status, 9)});
  EXPECT_EQ(verdict.judgement, Judgement::violated);
  EXPECT_EQ(verdict.witnesses, (std::vector<std::size_t>{1}));
}

TEST(Stuck, calls_that_all_returned_decide_nothing) {
  EXPECT_EQ(check_stuck({add(1, 0, 1)}).judgement, Judgement::unknown);
}

TEST(WaitDeadlines, hold_from_the_deadline_to_the_lateness_allowed) {
  EXPECT_TRUE(check_deadlines({timed_out(0, 100, 100)}, 50ns).holds());
  EXPECT_TRUE(check_deadlines({timed_out(0, 100, 150)}, 50ns).holds());
  EXPECT_FALSE(check_deadlines({timed_out(0, 100, 99)}, 50ns).holds()) << "too early";
  EXPECT_FALSE(check_deadlines({timed_out(0, 100, 151)}, 50ns).holds()) << "too late";
}

TEST(WaitDeadlines, that_had_passed_before_count_from_the_call) {
  EXPECT_TRUE(check_deadlines({timed_out(1000, 0, 1040)}, 50ns).holds());
  EXPECT_FALSE(check_deadlines({timed_out(1000, 0, 1060)}, 50ns).holds());
}

TEST(WaitDeadlines, bind_a_wait_that_ends_with_a_task_as_well) {
  auto late = take(1, 0, 500);
  late.deadline = 100;
  EXPECT_FALSE(check_deadlines({late}, 50ns).holds());
}

/// A beat at each time from `from` on, as many as make a wake-up late.
std::vector<Instant> beats(Instant from) {
  std::vector<Instant> times(late_beats);
  std::iota(times.begin(), times.end(), from);
  return times;
}
constexpr Instant long_after = 1000;

void expect_late(const History& history, std::vector<std::size_t> witnesses) {
  const auto verdict = check_wake_ups(history, beats(100));
  EXPECT_EQ(verdict.judgement, Judgement::violated);
  EXPECT_EQ(verdict.witnesses, witnesses) << verdict.reason;
  EXPECT_TRUE(check_wake_ups(history, {}).holds()) << "the machine was busy all the time";
  auto fewer = beats(100);
  fewer.pop_back();
  EXPECT_TRUE(check_wake_ups(history, fewer).holds()) << "just soon enough";
}
void expect_in_time(const History& history) {
  const auto verdict = check_wake_ups(history, beats(100));
  EXPECT_TRUE(verdict.holds()) << verdict.reason;
}

TEST(WakeUps, of_a_waiter_are_due_when_its_task_is_queued) {
  expect_late({take(7, 5, long_after), add(7, 10, 20)}, {0, 1});
  expect_in_time({take(7, 5, long_after), add(7, 10, 110)});   // queued after ten beats
  expect_in_time({add(7, 10, 20), take(7, 105, long_after)});  // began to wait after five
}

TEST(WakeUps, of_a_waiter_are_due_whatever_task_lies_beside_it) {
  const auto waits = take(8, 5, long_after);
  const auto adds_its_own = add(8, 900, 901);
  expect_late({waits, add(7, 10, 20), take(7, 500, 501), adds_its_own}, {0, 1});
  expect_late({waits, add(7, 10, 20), ended(Call::cancel, 7, 500, 501), adds_its_own}, {0, 1});
  expect_in_time({waits, add(7, 10, 20), take(7, 110, 501), adds_its_own});  // perhaps taken then
}

TEST(WakeUps, of_a_waiter_are_due_when_the_queue_is_shut_down) {
  auto waits = timed_out(5, 5000, long_after);
  waits.answer = Answer::shut_down;
  expect_late({waits, returned(Call::shutdown_drain, 10, 20)}, {0, 1});
  expect_in_time({waits, returned(Call::shutdown_drain, 10, 110)});
  // An add that began before may still bring a task.
  auto refused = add(7, 15, 110);
  refused.answer = Answer::full;
  expect_in_time({waits, returned(Call::shutdown_drain, 10, 20), refused});
}

TEST(WakeUps, of_a_waiter_are_due_at_its_deadline) {
  expect_late({timed_out(5, 50, long_after)}, {0});
  expect_late({timed_out(50, 5, long_after)}, {0});
  expect_in_time({timed_out(5, 110, long_after)});
}

TEST(WakeUps, of_a_joiner_are_due_when_the_last_task_ends) {
  const auto joins = returned(Call::join, 5, long_after);
  expect_late({add(1, 0, 1), take(1, 2, 3), joins, ended(Call::complete, 1, 6, 9)}, {2, 3});
  expect_late({add(1, 0, 1), joins, ended(Call::cancel, 1, 6, 9)}, {1, 2});
  expect_late({add(1, 0, 1), joins, returned(Call::shutdown_discard, 6, 9)}, {1, 2});
  expect_late({returned(Call::join, 5, long_after)}, {0});
  expect_in_time({add(1, 0, 1), take(1, 2, 3), joins, ended(Call::complete, 1, 6, 110)});
  expect_in_time({add(1, 0, 1), joins, add(2, 5, 6), ended(Call::cancel, 1, 6, 9)});
  expect_in_time({add(1, 0, 1), joins, ended(Call::cancel, 1, 6, 9), add(2, 110, 111),
                  ended(Call::cancel, 2, 990, 1100)});
}

TEST(WakeUps, that_never_came_are_left_to_the_check_of_stuck_threads) {
  expect_in_time({without_answer(Call::take, 5), add(7, 10, 20)});
}

TEST(Endings, a_join_may_return_at_any_moment_without_tasks) {
  EXPECT_TRUE(check_endings({add(1, 0, 1), take(1, 2, 3), returned(Call::join, 4, 9),
                             ended(Call::complete, 1, 5, 6)})
                  .holds());
}

TEST(Endings, a_join_that_never_saw_such_a_moment_returned_too_early) {
  // Each of the two tasks was there for a part of the join, and together for all of it.
  const History history{add(1, 0, 1), returned(Call::join, 4, 9), add(2, 5, 6),
                        ended(Call::cancel, 1, 8, 9), ended(Call::cancel, 2, 11, 12)};
  const auto verdict = check_endings(history);
  EXPECT_EQ(verdict.judgement, Judgement::violated);
  EXPECT_EQ(verdict.witnesses, (std::vector<std::size_t>{0, 1, 2}));
}

TEST(Endings, what_touches_leaves_a_moment_between) {
  EXPECT_TRUE(check_endings({add(1, 0, 1), returned(Call::join, 4, 9), add(2, 5, 6),
                             ended(Call::cancel, 1, 6, 7), ended(Call::cancel, 2, 11, 12)})
                  .holds());
}

TEST(Endings, a_discard_may_have_ended_what_nobody_else_did) {
  EXPECT_TRUE(check_endings({add(1, 0, 1), returned(Call::shutdown_discard, 2, 6),
                             returned(Call::join, 3, 9)})
                  .holds());
  EXPECT_FALSE(check_endings(
                   {add(1, 0, 1), returned(Call::shutdown_drain, 2, 6), returned(Call::join, 3, 9)})
                   .holds());
}

TEST(Endings, a_discard_may_have_ended_what_a_call_that_never_returned_would_have_ended_later) {
  auto complete = without_answer(Call::complete, 10);
  complete.id = 1;
  EXPECT_TRUE(check_endings({add(1, 0, 1), returned(Call::shutdown_discard, 2, 3),
                             returned(Call::join, 4, 9), complete})
                  .holds());
  EXPECT_FALSE(check_endings({add(1, 0, 1), returned(Call::join, 4, 9), complete}).holds());
}

TEST(Endings, nobody_is_told_of_a_shutdown_before_it_began) {
  auto told = timed_out(0, 100, 5);
  told.answer = Answer::shut_down;
  EXPECT_FALSE(check_endings({told, returned(Call::shutdown_drain, 6, 7)}).holds());
  EXPECT_TRUE(check_endings({told, returned(Call::shutdown_drain, 4, 7)}).holds());
}

}  // namespace
}  // namespace lockbench::verify
