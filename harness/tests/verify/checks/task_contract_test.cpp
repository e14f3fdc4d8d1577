/// The contract of one task, on histories written by hand.

#include <gtest/gtest.h>

#include <vector>

#include "harness/tests/verify/history/handmade_history.hpp"
#include "harness/verify/checks/checks.hpp"

namespace lockbench::verify {
namespace {

using namespace testing_support;
using Witnesses = std::vector<std::size_t>;

#define EXPECT_HOLDS(...) EXPECT_EQ(check_tasks(in_order({__VA_ARGS__})).reason, "")

std::string violation(History history) {
  const auto verdict = check_tasks(in_order(std::move(history)));
  EXPECT_EQ(verdict.judgement, Judgement::violated);
  return verdict.reason;
}

TEST(TaskContract, a_life_from_add_to_forget_and_another_one_of_the_same_id) {
  EXPECT_HOLDS(add({0, 0, 1}, 7), status({0, 2, 3}, 7, Answer::queued), take({1, 4, 5}, 7),
               status({0, 6, 7}, 7, Answer::processing), complete({1, 8, 9}, 7),
               status({0, 10, 11}, 7, Answer::completed), forget({1, 12, 13}, 7),
               status({0, 14, 15}, 7, Answer::unknown), add({0, 16, 17}, 7), cancel({0, 18, 19}, 7),
               status({0, 20, 21}, 7, Answer::cancelled));
}

TEST(TaskContract, nothing_is_asked_of_an_empty_history) {
  EXPECT_TRUE(check_tasks({}).holds());
}

TEST(TaskContract, of_two_threads_that_complete_a_task_only_one_succeeds) {
  EXPECT_EQ(violation({add({0, 0, 1}, 7), take({1, 2, 3}, 7), complete({1, 4, 8}, 7),
                       complete({2, 5, 9}, 7)}),
            "thread 2's complete task 7 answered ok, but task 7 was processing or completed then; "
            "only wrong_state was possible");
  EXPECT_HOLDS(add({0, 0, 1}, 7), take({1, 2, 3}, 7), complete({1, 4, 8}, 7, Answer::wrong_state),
               complete({2, 5, 9}, 7));
}

TEST(TaskContract, a_task_is_handed_out_once) {
  EXPECT_EQ(violation({add({0, 0, 1}, 7), take({1, 2, 3}, 7), take({2, 4, 5}, 7)}),
            "thread 2's take handed out task 7 (priority 0), but task 7 was processing then");
}

TEST(TaskContract, a_task_is_not_handed_out_before_it_is_added) {
  EXPECT_EQ(violation({take({1, 0, 1}, 7), add({0, 2, 3}, 7)}),
            "thread 1's take handed out task 7 (priority 0), but task 7 was unknown then");
  EXPECT_HOLDS(take({1, 0, 2}, 7), add({0, 2, 3}, 7));
}

TEST(TaskContract, a_task_is_handed_out_with_the_priority_it_was_added_with) {
  EXPECT_EQ(violation({add({0, 0, 1}, 7, Answer::added, 3), take({1, 2, 3}, 7, 4)}),
            "thread 1's take handed out task 7 (priority 4), but task 7 was queued then; only task "
            "7 (priority 3) was possible");
}

TEST(TaskContract, a_cancelled_task_is_never_handed_out) {
  EXPECT_EQ(violation({add({0, 0, 1}, 7), cancel({0, 2, 3}, 7), take({1, 4, 5}, 7)}),
            "thread 1's take handed out task 7 (priority 0), but task 7 was cancelled then");
}

TEST(TaskContract, a_refused_call_changes_nothing) {
  EXPECT_HOLDS(add({0, 0, 1}, 7, Answer::added, 1), add({1, 2, 3}, 7, Answer::duplicate, 2),
               complete({1, 4, 5}, 7, Answer::wrong_state),
               forget({1, 6, 7}, 7, Answer::wrong_state), take({0, 8, 9}, 7, 1));
}

TEST(TaskContract, a_known_id_is_a_duplicate_until_it_is_forgotten) {
  EXPECT_EQ(
      violation({add({0, 0, 1}, 7), cancel({0, 2, 3}, 7), add({0, 4, 5}, 7)}),
      "thread 0's add task 7 (priority 0) answered added, but task 7 was cancelled then; only "
      "duplicate was possible");
  EXPECT_EQ(violation({add({0, 0, 1}, 7, Answer::duplicate)}),
            "thread 0's add task 7 (priority 0) answered duplicate, but task 7 was unknown then; "
            "only added or full was possible");
}

TEST(TaskContract, a_queue_that_is_full_still_knows_a_duplicate) {
  EXPECT_EQ(violation({add({0, 0, 1}, 7), add({0, 2, 3}, 7, Answer::full)}),
            "thread 0's add task 7 (priority 0) answered full, but task 7 was queued then; only "
            "duplicate was possible");
}

TEST(TaskContract, a_status_never_goes_back) {
  EXPECT_EQ(
      violation({add({0, 0, 1}, 7), take({1, 2, 9}, 7), status({2, 3, 4}, 7, Answer::processing),
                 status({3, 5, 6}, 7, Answer::queued)}),
      "thread 3's status task 7 answered queued; only processing was possible");
}

TEST(TaskContract, a_call_that_never_returned_may_have_had_its_effect_or_not) {
  EXPECT_HOLDS(add({0, 0, 1}, 7), open(cancel({1, 2, 3}, 7)),
               status({0, 10, 11}, 7, Answer::cancelled));
  EXPECT_HOLDS(add({0, 0, 1}, 7), open(cancel({1, 2, 3}, 7)), take({0, 10, 11}, 7));
  EXPECT_HOLDS(open(add({1, 0, 1}, 7)), take({0, 10, 11}, 7));
  EXPECT_EQ(violation({add({0, 0, 1}, 7), status({0, 2, 3}, 7, Answer::cancelled),
                       open(cancel({1, 4, 5}, 7))}),
            "thread 0's status task 7 answered cancelled; only queued was possible");
}

TEST(TaskContract, a_take_that_never_returned_may_have_taken_any_task) {
  EXPECT_HOLDS(add({0, 0, 1}, 7), add({0, 2, 3}, 8), open(take({1, 4, 5}, 0)),
               status({0, 10, 11}, 8, Answer::processing));
  EXPECT_EQ(violation({add({0, 0, 1}, 7), status({0, 2, 3}, 7, Answer::processing),
                       open(take({1, 4, 5}, 0))}),
            "thread 0's status task 7 answered processing; only queued was possible");
}

TEST(TaskContract, join_waits_for_every_task) {
  EXPECT_EQ(
      violation({add({0, 0, 1}, 7), take({1, 2, 3}, 7), join({0, 4, 6}), complete({1, 7, 8}, 7)}),
      "thread 0's join returned, but there was no moment at which no task was queued or "
      "processing");
  EXPECT_HOLDS(add({0, 0, 1}, 7), take({1, 2, 3}, 7), join({0, 4, 7}), complete({1, 7, 8}, 7));
  // The join comes long after the last call about the task.
  EXPECT_EQ(check_tasks({add({0, 0, 1}, 7), join({0, 100, 101}), join({0, 102, 103})}).witnesses,
            (Witnesses{0, 1}));
}

TEST(TaskContract, a_discarding_shutdown_cancels_what_is_queued) {
  EXPECT_HOLDS(add({0, 0, 1}, 7), discard({0, 2, 3}), status({0, 4, 5}, 7, Answer::cancelled),
               join({0, 6, 7}));
  EXPECT_EQ(violation({add({0, 0, 1}, 7), discard({0, 2, 3}), take({1, 4, 5}, 7)}),
            "thread 1's take handed out task 7 (priority 0), but task 7 was cancelled then");
  EXPECT_HOLDS(add({0, 0, 1}, 7), drain({0, 2, 3}), take({1, 4, 5}, 7));
}

TEST(TaskContract, a_discarding_shutdown_may_go_from_task_to_task) {
  EXPECT_HOLDS(add({0, 0, 1}, 7), add({0, 2, 3}, 8), discard({0, 4, 20}),
               status({1, 5, 6}, 8, Answer::cancelled), status({1, 7, 8}, 7, Answer::queued));
  // The discard cancels an earlier life of the id, and then the add under way.
  EXPECT_HOLDS(add({0, 0, 1}, 7), discard({0, 4, 20}), add({2, 3, 15}, 7),
               status({1, 5, 6}, 7, Answer::cancelled), forget({1, 7, 8}, 7),
               status({1, 16, 17}, 7, Answer::queued), status({1, 21, 22}, 7, Answer::cancelled));
}

TEST(TaskContract, nothing_is_accepted_once_shutdown_has_returned) {
  EXPECT_EQ(violation({drain({0, 0, 1}), add({1, 2, 3}, 7)}),
            "thread 1's add task 7 (priority 0) answered added, but began after thread 0's "
            "shutdown_drain had returned; only shut_down was possible");
  EXPECT_HOLDS(drain({0, 0, 2}), add({1, 2, 3}, 7), add({1, 4, 5}, 8, Answer::shut_down));
}

TEST(TaskContract, nothing_is_accepted_once_an_add_was_refused_for_a_shutdown) {
  EXPECT_EQ(
      violation({drain({0, 0, 9}), add({1, 1, 2}, 7, Answer::shut_down), add({1, 3, 4}, 8)}),
      "thread 1's add task 8 (priority 0) answered added, but began after thread 1's add task "
      "7 (priority 0) answered shut_down; only shut_down was possible");
}

TEST(TaskContract, nothing_is_refused_for_a_shutdown_that_has_not_begun) {
  EXPECT_EQ(
      violation({add({1, 1, 2}, 7, Answer::shut_down)}),
      "thread 1's add task 7 (priority 0) answered shut_down, but nobody shut the queue down");
  EXPECT_EQ(violation({call(Call::take, {1, 1, 2}, Answer::shut_down), drain({0, 3, 9})}),
            "thread 1's take answered shut_down before thread 0's shutdown_drain began, which was "
            "the first");
}

TEST(TaskContract, shows_the_few_calls_that_contradict_each_other) {
  History history;
  for (Instant life = 0; life < 200; life += 20) {
    history.push_back(add({0, life, life + 1}, 7));
    history.push_back(status({2, life + 2, life + 7}, 7, Answer::queued));
    history.push_back(take({1, life + 3, life + 4}, 7));
    history.push_back(status({2, life + 8, life + 9}, 7, Answer::processing));
    history.push_back(complete({1, life + 10, life + 11}, 7));
    if (life == 100) history.push_back(complete({2, life + 12, life + 13}, 7));
    history.push_back(forget({1, life + 14, life + 15}, 7));
  }
  const auto verdict = check_tasks(history);
  EXPECT_EQ(verdict.judgement, Judgement::violated);
  EXPECT_EQ(verdict.witnesses, (Witnesses{30, 32, 34, 35}));
}

TEST(TaskContract, is_unknown_when_the_search_is_given_up) {
  History history;
  for (Instant at = 0; at < 20; ++at) {
    history.push_back(add({0, 0, 100}, 7));
    history.push_back(forget({0, 0, 100}, 7));
    history.push_back(take({0, 0, 100}, 7));
    history.push_back(complete({0, 0, 100}, 7));
  }
  history.push_back(status({0, 200, 201}, 7, Answer::cancelled));
  const auto verdict = check_tasks(history, 10);
  EXPECT_EQ(verdict.judgement, Judgement::unknown);
  EXPECT_EQ(verdict.reason, "the search for an order of 81 calls was given up after 1306 steps");
}

}  // namespace
}  // namespace lockbench::verify
