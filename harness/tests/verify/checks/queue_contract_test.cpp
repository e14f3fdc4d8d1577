/// The contract of a whole queue, on histories written by hand.

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "harness/tests/verify/history/handmade_history.hpp"
#include "harness/verify/checks/checks.hpp"
#include "strategies/boost_lockfree.hpp"
#include "strategies/mutex.hpp"

namespace lockbench::verify {
namespace {

using namespace testing_support;
using Witnesses = std::vector<std::size_t>;

constexpr ContractRules by_priority{Ordering::priority_fifo, 8};
constexpr ContractRules several_steps{Ordering::fifo, 8, false};

std::string reason(const ContractRules& rules, History history) {
  return check_contract(in_order(std::move(history)), rules).reason;
}

TEST(QueueContract, tasks_come_by_priority_and_ties_in_order_of_arrival) {
  const History added{add({0, 0, 1}, 5, Answer::added, 1), add({0, 2, 3}, 6, Answer::added, 9),
                      add({0, 4, 5}, 7, Answer::added, 9)};
  const auto then = [&](Operation next) {
    auto history = added;
    history.push_back(next);
    return history;
  };
  EXPECT_EQ(reason(by_priority, then(take({1, 6, 7}, 6, 9))), "");
  EXPECT_EQ(reason(by_priority, then(take({1, 6, 7}, 5, 1))),
            "thread 1's take handed out task 5 (priority 1), but task 5 was queued then; only task "
            "6 (priority 9) was possible");
  EXPECT_NE(reason(by_priority, then(take({1, 6, 7}, 7, 9))), "");
  EXPECT_EQ(reason({Ordering::priority, 8}, then(take({1, 6, 7}, 7, 9))), "");
  EXPECT_NE(reason({Ordering::priority, 8}, then(take({1, 6, 7}, 5, 1))), "");
  EXPECT_EQ(reason({Ordering::fifo, 8}, then(take({1, 6, 7}, 5, 1))), "");
  EXPECT_NE(reason({Ordering::fifo, 8}, then(take({1, 6, 7}, 6, 9))), "");
  EXPECT_EQ(reason({Ordering::none, 8}, then(take({1, 6, 7}, 7, 9))), "");
}

TEST(QueueContract, a_task_added_meanwhile_may_come_first_or_not) {
  EXPECT_EQ(reason(by_priority,
                   {add({0, 0, 1}, 5), add({0, 2, 5}, 6, Answer::added, 9), take({1, 4, 7}, 5)}),
            "");
  EXPECT_EQ(reason(by_priority,
                   {add({0, 0, 1}, 5), add({0, 2, 5}, 6, Answer::added, 9), take({1, 4, 7}, 6, 9)}),
            "");
}

TEST(QueueContract, a_take_finds_nothing_only_if_nothing_was_queued_at_some_moment) {
  EXPECT_EQ(reason(by_priority, {add({0, 0, 1}, 5, Answer::added, 3), take_nothing({1, 2, 3})}),
            "thread 1's try_take found nothing; only task 5 (priority 3) was possible");
  EXPECT_EQ(reason(by_priority, {add({0, 0, 2}, 5), take_nothing({1, 2, 3})}), "");
  EXPECT_EQ(reason(by_priority, {add({0, 0, 1}, 5), take_nothing({1, 2, 4}), take({2, 3, 5}, 5)}),
            "");
  EXPECT_EQ(
      reason(by_priority, {add({0, 0, 1}, 5), call(Call::take, {1, 2, 3}, Answer::timed_out)}),
      "thread 1's take timed out; only task 5 (priority 0) was possible");
}

TEST(QueueContract, a_wait_ends_as_shut_down_once_nothing_can_come) {
  const auto told = [](When when) { return call(Call::take, when, Answer::shut_down); };
  EXPECT_EQ(reason(by_priority, {drain({0, 0, 1}), told({1, 2, 3})}), "");
  EXPECT_EQ(reason(by_priority, {add({0, 0, 1}, 5), drain({0, 2, 3}), told({1, 4, 5})}),
            "thread 1's take answered shut_down; only task 5 (priority 0) was possible");
  EXPECT_EQ(reason(by_priority, {add({0, 0, 1}, 5), discard({0, 2, 3}), told({1, 4, 5})}), "");
  EXPECT_EQ(reason(by_priority, {drain({0, 0, 1}), call(Call::take, {1, 2, 3}, Answer::timed_out)}),
            "thread 1's take timed out; only shut_down was possible");
}

TEST(QueueContract, a_queue_is_full_at_its_capacity_and_not_before) {
  const ContractRules two{Ordering::fifo, 2};
  EXPECT_EQ(reason(two, {add({0, 0, 1}, 5), add({0, 2, 3}, 6), add({0, 4, 5}, 7, Answer::full)}),
            "");
  EXPECT_EQ(reason(two, {add({0, 0, 1}, 5), add({0, 2, 3}, 6), add({0, 4, 5}, 7)}),
            "thread 0's add task 7 (priority 0) answered added, but task 7 was unknown then; only "
            "full was possible");
  EXPECT_EQ(reason(two, {add({0, 0, 1}, 5), add({0, 2, 3}, 7, Answer::full)}),
            "thread 0's add task 7 (priority 0) answered full, but task 7 was unknown then; only "
            "added was possible");
  // Finished tasks count until they are forgotten.
  const History finished{add({0, 0, 1}, 5),    add({0, 2, 3}, 6),
                         cancel({0, 4, 5}, 5), add({0, 6, 7}, 7, Answer::full),
                         forget({0, 8, 9}, 5), add({0, 10, 11}, 7)};
  EXPECT_EQ(reason(two, finished), "");
}

TEST(QueueContract, a_full_queue_shows_the_tasks_that_fill_it) {
  const History history{add({0, 0, 1}, 5), status({0, 2, 3}, 5, Answer::queued), add({0, 4, 5}, 6),
                        add({0, 6, 7}, 6, Answer::duplicate), add({0, 8, 9}, 7)};
  EXPECT_EQ(check_contract(history, {Ordering::fifo, 2}).witnesses, (Witnesses{0, 2, 4}));
}

TEST(QueueContract, a_shut_down_queue_says_so_whatever_else_is_true) {
  EXPECT_EQ(reason({Ordering::fifo, 1},
                   {add({0, 0, 1}, 5), drain({0, 2, 3}), add({0, 4, 5}, 5, Answer::shut_down),
                    add({0, 6, 7}, 6, Answer::shut_down)}),
            "");
  EXPECT_NE(reason({Ordering::fifo, 1},
                   {add({0, 0, 1}, 5), drain({0, 2, 3}), add({0, 4, 5}, 5, Answer::duplicate)}),
            "");
}

TEST(QueueContract, a_discard_after_a_drain_discards_and_a_drain_after_a_discard_does_nothing) {
  EXPECT_EQ(reason(by_priority, {add({0, 0, 1}, 5), drain({0, 2, 3}), discard({0, 4, 5}),
                                 status({0, 6, 7}, 5, Answer::cancelled), drain({0, 8, 9}),
                                 status({0, 10, 11}, 5, Answer::cancelled)}),
            "");
}

TEST(QueueContract, size_is_exact_at_one_moment_of_the_call) {
  EXPECT_EQ(reason(by_priority, {add({0, 0, 1}, 5), add({0, 2, 3}, 6), size({0, 4, 5}, 2)}), "");
  EXPECT_EQ(reason(by_priority, {add({0, 0, 1}, 5), add({0, 2, 3}, 6), size({0, 4, 5}, 1)}),
            "thread 0's size answered 1; only 2 was possible");
  const auto beside_an_add = [](std::uint64_t counted) {
    return reason(by_priority, {add({0, 0, 1}, 5), add({1, 2, 5}, 6), size({0, 4, 5}, counted)});
  };
  EXPECT_EQ(beside_an_add(1), "");
  EXPECT_EQ(beside_an_add(2), "");
  EXPECT_EQ(beside_an_add(7), "thread 0's size answered 7; only 1 or 2 was possible");
}

TEST(QueueContract, an_add_whose_payload_is_too_long_is_refused) {
  const auto too_long = [](Operation operation) {
    operation.too_long = true;
    return operation;
  };
  EXPECT_EQ(reason(by_priority, {too_long(add({0, 0, 1}, 5, Answer::full)), add({0, 2, 3}, 5)}),
            "");
  EXPECT_EQ(reason(by_priority, {too_long(add({0, 0, 1}, 5))}),
            "thread 0's add task 5 (priority 0, payload too long) answered added, but task 5 was "
            "unknown then; only full was possible");
  EXPECT_EQ(reason(by_priority, {add({0, 0, 1}, 5), too_long(add({0, 2, 3}, 5, Answer::full))}),
            "thread 0's add task 5 (priority 0, payload too long) answered full, but task 5 was "
            "queued then; only duplicate was possible");
  EXPECT_EQ(reason(several_steps, {add({0, 0, 1}, 5), too_long(add({0, 2, 3}, 5, Answer::full))}),
            "thread 0's add task 5 (priority 0, payload too long) answered full, but task 5 was "
            "queued then; only duplicate was possible");
  EXPECT_EQ(reason(by_priority, {drain({0, 0, 1}), too_long(add({0, 2, 3}, 5, Answer::shut_down))}),
            "");
}

TEST(QueueContract, join_returns_only_when_all_is_done_at_one_moment) {
  // Neither task was there all the while, but one of them was at any time.
  EXPECT_EQ(reason(by_priority,
                   {add({0, 0, 1}, 5), join({2, 2, 20}), add({0, 3, 4}, 6), cancel({0, 5, 6}, 5)}),
            "thread 2's join returned, but there was no moment at which no task was queued or "
            "processing");
  EXPECT_EQ(reason(by_priority,
                   {add({0, 0, 1}, 5), join({2, 2, 20}), cancel({0, 3, 4}, 5), add({0, 5, 6}, 6)}),
            "");
}

TEST(QueueContract, a_take_that_never_returned_has_taken_at_most_one_task) {
  EXPECT_EQ(
      reason(by_priority, {add({0, 0, 1}, 5), open(take({1, 2, 3}, 0)), take_nothing({0, 10, 11})}),
      "");
  EXPECT_NE(reason(by_priority, {add({0, 0, 1}, 5), add({0, 2, 3}, 6), open(take({1, 4, 5}, 0)),
                                 take_nothing({0, 10, 11})}),
            "");
}

TEST(QueueContract, tasks_that_have_nothing_to_do_with_it_are_not_shown) {
  const History history{add({0, 0, 1}, 1, Answer::added, 5),
                        add({0, 2, 3}, 2, Answer::added, 4),
                        add({0, 4, 5}, 3, Answer::added, 3),
                        take({1, 6, 7}, 1, 5),
                        status({0, 8, 9}, 3, Answer::queued),
                        complete({1, 10, 11}, 1),
                        take({2, 12, 13}, 3, 3)};
  EXPECT_EQ(check_contract(history, by_priority).witnesses, (Witnesses{1, 2, 6}));
}

TEST(QueueContract, too_long_a_window_is_not_decided) {
  History history;
  for (Instant at = 0; at < 200; at += 2) history.push_back(add({0, at, at + 1}, at));
  EXPECT_EQ(check_contract(history, {Ordering::fifo, 1000}).judgement, Judgement::unknown);
  EXPECT_EQ(reason({Ordering::fifo, 1000}, history),
            "100 tasks are too many for one search, which takes up to 16");
  for (Instant at = 200; at < 300; at += 2) history.push_back(take_nothing({0, at, at + 1}));
  EXPECT_EQ(reason({Ordering::fifo, 1000}, history),
            "150 calls are too many for one search, which takes up to 128");
}

TEST(QueueContract, a_search_that_takes_too_long_is_not_decided) {
  const auto verdict = check_contract({add({0, 0, 9}, 5), add({1, 0, 9}, 6)}, by_priority, 1);
  EXPECT_EQ(verdict.judgement, Judgement::unknown);
  EXPECT_EQ(verdict.reason, "the search for an order of 2 calls was given up after 1 steps");
}

TEST(QueueContract, only_lock_free_strategies_may_take_several_steps) {
  EXPECT_TRUE(rules_of(MutexTaskQueue::traits, 5).single_steps);
  EXPECT_EQ(rules_of(MutexTaskQueue::traits, 5).ordering, Ordering::priority_fifo);
  EXPECT_EQ(rules_of(MutexTaskQueue::traits, 5).capacity, 5U);
  EXPECT_FALSE(rules_of(BoostLockfreeTaskQueue::traits, 5).single_steps);
}

/// A violation for a queue whose calls are single steps, but not for one whose calls take several.
void expect_only_with_several_steps(const History& history) {
  EXPECT_NE(reason({Ordering::fifo, 8}, history), "");
  EXPECT_EQ(reason(several_steps, history), "");
}

TEST(SeveralSteps, a_take_may_overlook_a_task_whose_add_is_under_way) {
  expect_only_with_several_steps(
      {add({0, 0, 9}, 5), status({1, 1, 2}, 5, Answer::queued), take_nothing({1, 3, 4})});
  EXPECT_NE(reason(several_steps, {add({0, 0, 2}, 5), take_nothing({1, 3, 4})}), "");
}

TEST(SeveralSteps, full_may_mean_places_held_for_a_moment) {
  const ContractRules one{Ordering::fifo, 1, false};
  EXPECT_EQ(reason(one, {add({0, 0, 9}, 5), add({1, 1, 2}, 6, Answer::full),
                         status({1, 3, 4}, 5, Answer::unknown)}),
            "");
  EXPECT_EQ(reason(one, {add({0, 0, 1}, 5), cancel({0, 2, 3}, 5), forget({0, 4, 5}, 5),
                         add({0, 6, 7}, 6, Answer::full)}),
            "");
  EXPECT_NE(reason(one, {add({0, 0, 1}, 5, Answer::full)}), "");
}

TEST(SeveralSteps, size_may_count_adds_under_way) {
  expect_only_with_several_steps(
      {add({0, 0, 1}, 5), add({0, 2, 9}, 5, Answer::duplicate), size({1, 3, 4}, 2)});
}

TEST(SeveralSteps, a_discard_goes_from_task_to_task) {
  expect_only_with_several_steps({add({0, 0, 1}, 5), add({0, 2, 3}, 6), discard({0, 4, 20}),
                                  status({1, 5, 6}, 6, Answer::cancelled),
                                  status({1, 7, 8}, 5, Answer::queued)});
  EXPECT_NE(reason(several_steps, {add({0, 0, 1}, 5), discard({0, 4, 20}),
                                   status({1, 21, 22}, 5, Answer::queued)}),
            "");
}

TEST(SeveralSteps, an_add_may_take_effect_when_others_are_refused_already) {
  expect_only_with_several_steps({add({0, 0, 20}, 5), drain({1, 2, 3}),
                                  status({1, 4, 5}, 5, Answer::unknown),
                                  status({1, 6, 7}, 5, Answer::queued)});
}

}  // namespace
}  // namespace lockbench::verify
