#include <gtest/gtest.h>

#include "harness/tests/verify/checks/expected_verdict.hpp"
#include "harness/tests/verify/history/written_history.hpp"
#include "harness/verify/checks/checks.hpp"

namespace lockbench::verify {
namespace {

using namespace written;

void expect_violation(const History& history, const Witnesses& witnesses) {
  expect_violated(check_fifo_order(history), witnesses);
}
void expect_fine(const History& history) {
  expect_linearizable(check_fifo_order(history));
}
void expect_unknown(const History& history) {
  EXPECT_EQ(to_string(check_fifo_order(history).judgement), "unknown");
}

TEST(FifoOrder, holds_when_tasks_come_out_as_they_went_in) {
  expect_fine({added(1, {0, 1}), added(2, {2, 3}), taken(1, {4, 5}), taken(2, {6, 7})});
}

TEST(FifoOrder, is_violated_by_a_task_that_overtakes_and_shown_by_four_operations) {
  expect_violation({nothing({0, 0}), added(1, {1, 2}), added(9, {2, 3}), added(2, {3, 4}),
                    taken(2, {5, 6}), taken(1, {7, 8}), taken(9, {7, 8})},
                   {1, 3, 4, 5});
}

TEST(FifoOrder, tells_a_violation_in_a_sentence_with_its_times) {
  EXPECT_EQ(
      check_fifo_order(
          History{added(1, {0, 1}), added(2, {2, 3}), taken(2, {4, 5}), taken(1, {6, 7})})
          .reason,
      "task 2 was taken by 5 ns, ahead of task 1, which was taken no earlier than 6 ns, although "
      "the add of task 1 had returned at 1 ns and that of task 2 began at 2 ns");
}

TEST(FifoOrder, lets_tasks_come_out_in_either_order_when_their_adds_overlap) {
  expect_fine({added(1, {0, 2}), added(2, {2, 3}), taken(2, {4, 5}), taken(1, {6, 7})});
}

TEST(FifoOrder, lets_tasks_come_out_in_either_order_when_their_takes_overlap) {
  expect_fine({added(1, {0, 1}), added(2, {2, 3}), taken(2, {4, 6}), taken(1, {6, 7})});
}

TEST(FifoOrder, is_violated_by_a_task_that_overtakes_one_that_never_leaves) {
  expect_violation({added(1, {0, 1}), added(2, {2, 3}), taken(2, {4, 5})}, {0, 1, 2});
}

TEST(FifoOrder, a_cancelled_task_keeps_others_back_until_its_cancel_begins) {
  expect_violation({added(1, {0, 1}), added(2, {2, 3}), taken(2, {4, 5}), cancelled(1, {6, 7})},
                   {0, 1, 2, 3});
  expect_fine({added(1, {0, 1}), added(2, {2, 3}), cancelled(1, {4, 9}), taken(2, {5, 6})});
}

TEST(FifoOrder, a_cancelled_task_overtakes_nobody) {
  expect_fine({added(1, {0, 1}), added(2, {2, 3}), cancelled(2, {4, 5}), taken(1, {6, 7})});
}

TEST(FifoOrder, a_take_may_find_nothing_at_an_instant_between_two_tasks) {
  expect_fine({added(1, {0, 1}), taken(1, {4, 5}), nothing({2, 9}), added(2, {6, 7})});
  expect_fine({added(1, {0, 1}), nothing({2, 9}), added(2, {2, 4}), taken(1, {4, 6})});
}

TEST(FifoOrder, a_take_does_not_find_nothing_beside_a_task) {
  expect_violation({added(1, {0, 1}), nothing({2, 3}), taken(1, {4, 5})}, {0, 1, 2});
  expect_violation({added(1, {0, 1}), nothing({2, 3})}, {0, 1});
}

TEST(FifoOrder, a_take_does_not_find_nothing_while_tasks_relieve_each_other) {
  expect_violation(
      {added(1, {0, 1}), nothing({2, 20}), added(2, {3, 4}), added(8, {4, 5}), taken(1, {6, 7}),
       added(3, {8, 9}), taken(2, {10, 11}), taken(8, {10, 10}), taken(3, {21, 22})},
      {0, 1, 2, 4, 5, 6, 8});
}

TEST(FifoOrder, a_wait_that_times_out_counts_with_all_of_its_interval) {
  Operation wait = operation(Call::take, Answer::timed_out, {2, 9});
  wait.deadline = 3;
  expect_fine({added(1, {0, 1}), wait, taken(1, {5, 6})});
  expect_violation({added(1, {0, 1}), wait, taken(1, {10, 11})}, {0, 1, 2});
}

TEST(FifoOrder, a_discard_removes_what_is_queued) {
  expect_fine({added(1, {0, 1}), discarded({2, 5}), nothing({4, 6})});
  expect_violation({added(1, {0, 1}), nothing({2, 3}), discarded({4, 5})}, {0, 1, 2});
}

TEST(FifoOrder, an_add_that_never_returned_stands_in_no_ones_way) {
  expect_fine(
      {added(1, from(0)), added(2, {2, 3}), taken(2, {4, 5}), nothing({6, 7}), taken(1, {8, 9})});
  expect_violation({added(1, {0, 1}), added(2, from(2)), taken(2, {4, 5}), taken(1, {6, 7})},
                   {0, 1, 2, 3});
}

TEST(FifoOrder, a_take_that_never_returned_may_have_taken_what_is_gone) {
  expect_unknown({added(1, {0, 1}), added(2, {2, 3}), taken(0, from(3)), taken(2, {4, 5})});
  expect_unknown({added(1, {0, 1}), taken(0, from(2)), nothing({4, 5})});
}

TEST(FifoOrder, a_take_that_never_returned_excuses_nothing_before_it_nor_what_others_took) {
  expect_violation({added(1, {0, 1}), nothing({2, 3}), taken(0, from(4))}, {0, 1, 2});
  expect_violation({added(1, {0, 1}), taken(0, from(2)), nothing({3, 4}), taken(1, {5, 6})},
                   {0, 2, 3});
  expect_violation({added(1, {0, 1}), taken(0, from(2)), nothing({3, 4}), cancelled(1, {5, 6})},
                   {0, 2, 3});
}

TEST(FifoOrder, a_cancel_that_never_returned_may_have_removed_its_own_task_only) {
  expect_fine({added(1, {0, 1}), cancelled(1, from(2)), nothing({4, 5})});
  expect_violation({added(1, {0, 1}), cancelled(2, from(2)), nothing({4, 5})}, {0, 2});
  expect_violation({added(1, {0, 1}), nothing({2, 3}), cancelled(1, from(4))}, {0, 1, 2});
}

TEST(FifoOrder, a_cancel_that_never_returned_does_not_unmake_a_take) {
  expect_violation({added(1, {0, 1}), added(2, {2, 3}), taken(2, {4, 5}), cancelled(2, from(4)),
                    taken(1, {6, 7})},
                   {0, 1, 2, 4});
}

TEST(FifoOrder, is_not_decided_when_tasks_are_not_conserved) {
  const Verdict verdict = check_fifo_order(History{taken(1, {0, 1})});
  EXPECT_EQ(to_string(verdict.judgement), "unknown");
  EXPECT_EQ(verdict.reason, "not decided: task 1 was handed out and never added");
}

TEST(EmptyAnswers, are_judged_whatever_the_order) {
  EXPECT_TRUE(check_empty_answers(History{added(1, {0, 1}), added(2, {2, 3}), taken(2, {4, 5}),
                                          taken(1, {6, 7}), nothing({8, 9})})
                  .holds());
  EXPECT_EQ(check_empty_answers(History{added(1, {0, 1}), added(2, {2, 3}), taken(2, {4, 5}),
                                        nothing({5, 5}), taken(1, {6, 7})})
                .witnesses,
            (Witnesses{0, 3, 4}));
}

TEST(EmptyAnswers, of_several_wrong_ones_the_shortest_is_explained) {
  EXPECT_EQ(check_empty_answers(
                History{added(1, {0, 1}), nothing({2, 9}), nothing({4, 6}), nothing({5, 8})})
                .witnesses,
            (Witnesses{0, 2}));
}

}  // namespace
}  // namespace lockbench::verify
