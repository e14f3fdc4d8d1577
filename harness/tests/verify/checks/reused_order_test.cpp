/// The order of tasks whose ids are used again, on histories written by hand.

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "harness/tests/verify/checks/expected_verdict.hpp"
#include "harness/tests/verify/history/handmade_history.hpp"
#include "harness/verify/checks/checks.hpp"

namespace lockbench::verify {
namespace {

using namespace testing_support;

/// Task 1 comes, goes, and is forgotten by time 9.
const History first_life{add({0, 0, 1}, 1, Answer::added, 7), take({1, 2, 3}, 1, 7),
                         complete({1, 4, 5}, 1), forget({1, 6, 9}, 1)};

Verdict verdict_on(History later, Ordering ordering, bool single_steps = true) {
  History history = first_life;
  history.insert(history.end(), later.begin(), later.end());
  return check_reused_order(in_order(std::move(history)), ordering, single_steps);
}

TEST(ReusedOrder, holds_of_each_producer) {
  const History swapped{add({0, 10, 11}, 1), add({0, 12, 13}, 2), take({1, 14, 15}, 2),
                        take({1, 16, 17}, 1)};
  const auto verdict = verdict_on(swapped, Ordering::fifo_per_producer, false);
  expect_violated(verdict, {4, 5, 6, 7});
  EXPECT_NE(verdict.reason.find("task 2 was taken by 15 ns, ahead of task 1"), std::string::npos)
      << verdict.reason;
  auto of_two = swapped;
  of_two[1].thread = 2;
  expect_linearizable(verdict_on(of_two, Ordering::fifo_per_producer, false));
  EXPECT_EQ(verdict_on(of_two, Ordering::fifo).judgement, Judgement::violated);
}

TEST(ReusedOrder, holds_of_priorities_and_ties) {
  const auto with = [](int priority) {
    return History{add({0, 10, 11}, 1, Answer::added, 1),
                   add({0, 12, 13}, 2, Answer::added, priority), take({1, 14, 15}, 1, 1),
                   take({1, 16, 17}, 2, priority)};
  };
  for (const int priority : {0, 1}) {
    expect_linearizable(verdict_on(with(priority), Ordering::priority_fifo));
  }
  EXPECT_EQ(verdict_on(with(2), Ordering::priority_fifo).judgement, Judgement::violated);
  EXPECT_EQ(verdict_on(with(2), Ordering::priority).judgement, Judgement::violated);
  History tie{add({0, 10, 11}, 1), add({0, 12, 13}, 2), take({1, 14, 15}, 2)};
  EXPECT_EQ(verdict_on(tie, Ordering::priority_fifo).judgement, Judgement::violated);
  expect_linearizable(verdict_on(tie, Ordering::priority));
  expect_linearizable(verdict_on(tie, Ordering::none));
}

TEST(ReusedOrder, a_take_finds_nothing_only_when_there_is_nothing) {
  EXPECT_EQ(verdict_on({add({0, 10, 11}, 1), take_nothing({1, 14, 15})}, Ordering::fifo).judgement,
            Judgement::violated);
  expect_linearizable(verdict_on({take_nothing({1, 14, 15})}, Ordering::fifo));
}

TEST(ReusedOrder, a_cancelled_task_says_nothing_if_calls_are_several_steps) {
  const History history{add({0, 10, 11}, 1), add({0, 12, 13}, 2), take({1, 14, 15}, 2),
                        cancel({0, 16, 17}, 1)};
  expect_linearizable(verdict_on(history, Ordering::fifo, false));
  EXPECT_EQ(verdict_on(history, Ordering::fifo).judgement, Judgement::violated);
}

TEST(ReusedOrder, a_task_is_not_looked_at_if_calls_do_not_tell_when_it_left) {
  // The second take of task 1 may have been of its first life, and the first take of its second.
  const History takes{add({0, 0, 1}, 1),      take({1, 2, 50}, 1),  take({2, 2, 50}, 1),
                      complete({3, 4, 5}, 1), forget({3, 6, 7}, 1), add({0, 10, 11}, 1),
                      add({0, 12, 13}, 2),    take({3, 14, 15}, 2)};
  expect_linearizable(check_reused_order(takes, Ordering::fifo));
  // Nothing says which of these two adds came first.
  const History adds{add({0, 0, 40}, 1),     add({3, 1, 41}, 1),   take({1, 2, 3}, 1),
                     complete({1, 4, 5}, 1), forget({1, 6, 7}, 1), add({0, 42, 43}, 2),
                     take({2, 44, 45}, 2)};
  expect_linearizable(check_reused_order(adds, Ordering::fifo));
}

TEST(ReusedOrder, takes_that_never_returned_leave_open_what_they_took) {
  History history = first_life;
  for (const auto& operation : {add({0, 10, 11}, 1), add({0, 12, 13}, 2),
                                open(take({2, 13, 14}, 0)), take({1, 16, 17}, 2)}) {
    history.push_back(operation);
  }
  EXPECT_EQ(check_reused_order(history, Ordering::fifo).judgement, Judgement::unknown);
}

}  // namespace
}  // namespace lockbench::verify
