#include <gtest/gtest.h>

#include "harness/tests/verify/checks/expected_verdict.hpp"
#include "harness/tests/verify/checks/order_oracle.hpp"
#include "harness/tests/verify/history/written_history.hpp"
#include "harness/verify/checks/checks.hpp"

namespace lockbench::verify {
namespace {

using namespace written;

void expect_violation(const History& history, const Witnesses& witnesses) {
  expect_violated(check_priority_order(history), witnesses);
}
void expect_fine(const History& history) {
  expect_linearizable(check_priority_order(history));
}

TEST(PriorityOrder, holds_when_the_highest_comes_first) {
  expect_fine({added(1, {0, 1}, 1), added(2, {2, 3}, 9), taken(2, {4, 5}, 9), taken(1, {6, 7}, 1)});
}

TEST(PriorityOrder, is_violated_by_a_take_while_a_higher_task_is_there) {
  expect_violation(
      {added(1, {0, 1}, 1), added(2, {2, 3}, 9), taken(1, {4, 5}, 1), taken(2, {6, 7}, 9)},
      {0, 1, 2, 3});
  expect_violation({added(1, {0, 1}, -9), added(2, {2, 3}, -1), taken(1, {4, 5}, -9)}, {0, 1, 2});
}

TEST(PriorityOrder, tells_a_violation_in_a_sentence_with_its_times) {
  EXPECT_EQ(
      check_priority_order(History{added(1, {0, 1}, 1), added(2, {2, 3}, 9), taken(1, {4, 5}, 1)})
          .reason,
      "task 1 (priority 1) was taken between 4 ns and 5 ns, although there was a task of higher "
      "priority at every instant of it: task 2 (priority 9) was there from 3 ns on and never left");
}

TEST(PriorityOrder, a_take_may_come_before_a_higher_add_or_after_a_higher_take_that_it_overlaps) {
  expect_fine({added(1, {0, 1}, 1), taken(1, {2, 5}, 1), added(2, {2, 3}, 9), taken(2, {6, 7}, 9)});
  expect_fine({added(1, {0, 1}, 1), added(2, {0, 1}, 9), taken(1, {2, 5}, 1), taken(2, {5, 7}, 9)});
}

TEST(PriorityOrder, is_violated_when_higher_tasks_relieve_each_other_during_a_take) {
  expect_violation(
      {added(1, {0, 1}, 1), added(2, {0, 1}, 9), taken(1, {2, 20}, 1), added(3, {3, 4}, 7),
       added(4, {3, 5}, 8), taken(2, {6, 7}, 9), taken(4, {8, 9}, 8), taken(3, {30, 31}, 7)},
      {0, 1, 2, 3, 5, 7});
}

TEST(PriorityOrder, of_several_violations_the_shortest_is_explained) {
  expect_violation({added(1, {0, 1}, 1), added(2, {0, 1}, 2), added(9, {0, 1}, 9),
                    taken(1, {2, 9}, 1), taken(2, {3, 5}, 2), taken(9, {10, 11}, 9)},
                   {1, 2, 4, 5});
  expect_violation({added(1, {0, 1}, 1), added(2, {0, 1}, 2), added(9, {0, 1}, 9),
                    taken(2, {2, 9}, 2), taken(1, {3, 5}, 1), taken(9, {10, 11}, 9)},
                   {0, 2, 4, 5});
}

TEST(PriorityOrder, tasks_of_equal_priority_come_in_any_order) {
  expect_fine({added(1, {0, 1}, 5), added(2, {2, 3}, 5), taken(2, {4, 5}, 5), taken(1, {6, 7}, 5)});
}

TEST(PriorityOrder, a_take_has_effect_no_earlier_than_the_add_of_its_task) {
  // Without its add the take could have come before task 2, which is there from 3 on.
  expect_violation(
      {taken(1, {0, 9}, 1), added(2, {2, 3}, 9), added(1, {4, 5}, 1), taken(2, {10, 11}, 9)},
      {0, 1, 2, 3});
}

TEST(PriorityOrder, a_cancelled_task_keeps_others_back_until_its_cancel_begins) {
  expect_violation(
      {added(1, {0, 1}, 1), added(2, {0, 1}, 9), taken(1, {2, 3}, 1), cancelled(2, {4, 5})},
      {0, 1, 2, 3});
  expect_fine(
      {added(1, {0, 1}, 1), added(2, {0, 1}, 9), cancelled(2, {2, 8}), taken(1, {3, 4}, 1)});
}

TEST(PriorityOrder, a_cancelled_task_waits_for_nobody) {
  expect_fine(
      {added(1, {0, 1}, 1), added(2, {0, 1}, 9), cancelled(1, {2, 3}), taken(2, {4, 5}, 9)});
}

TEST(PriorityOrder, a_take_does_not_find_nothing_beside_a_task_of_whatever_priority) {
  expect_violation({added(1, {0, 1}, 1), added(2, {0, 1}, 9), nothing({2, 20}), taken(2, {4, 5}, 9),
                    taken(1, {21, 22}, 1)},
                   {0, 2, 4});
  expect_fine({added(1, {0, 1}, 1), nothing({2, 20}), taken(1, {20, 22}, 1)});
}

TEST(PriorityOrder, a_take_that_never_returned_may_have_taken_a_higher_task) {
  EXPECT_EQ(to_string(check_priority_order(History{added(1, {0, 1}, 1), added(2, {0, 1}, 9),
                                                   taken(0, from(2)), taken(1, {3, 4}, 1)})
                          .judgement),
            "unknown");
  expect_violation(
      {added(1, {0, 1}, 1), added(2, {0, 1}, 9), taken(1, {2, 3}, 1), taken(0, from(4))},
      {0, 1, 2, 3});
}

TEST(TieOrder, is_violated_by_a_task_that_overtakes_one_of_its_priority) {
  const Verdict verdict =
      check_tie_order(History{added(1, {0, 1}, 5), added(9, {1, 2}, 7), added(2, {2, 3}, 5),
                              taken(9, {3, 4}, 7), taken(2, {4, 5}, 5), taken(1, {6, 7}, 5)});
  EXPECT_EQ(to_string(verdict.judgement), "violated");
  EXPECT_EQ(verdict.witnesses, (Witnesses{0, 2, 4, 5}));
}

TEST(TieOrder, lets_tasks_of_other_priorities_overtake) {
  EXPECT_TRUE(check_tie_order(History{added(1, {0, 1}, 5), added(2, {2, 3}, 6), taken(2, {4, 5}, 6),
                                      taken(1, {6, 7}, 5)})
                  .holds());
}

// Task 3 lets task 2 be taken by 9 and task 1 from 20 on: the wrong order, although both takes overlap.
TEST(TieOrder, does_not_see_an_order_that_only_higher_tasks_force) {
  const History history{added(1, {0, 1}, 5), added(2, {2, 3}, 5),   taken(2, {5, 12}, 5),
                        added(3, {8, 9}, 7), taken(1, {10, 30}, 5), taken(3, {20, 21}, 7)};
  EXPECT_TRUE(check_conservation(history).holds());
  EXPECT_TRUE(check_priority_order(history).holds());
  EXPECT_TRUE(check_tie_order(history).holds());
  EXPECT_FALSE(oracle::linearizable(history, oracle::Discipline::priority_fifo));
}

}  // namespace
}  // namespace lockbench::verify
