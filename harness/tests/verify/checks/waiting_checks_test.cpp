/// The promises to threads that wait, on histories written by hand.

#include <gtest/gtest.h>

#include <chrono>

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
