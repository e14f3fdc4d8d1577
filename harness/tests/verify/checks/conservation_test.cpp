#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "harness/tests/verify/history/written_history.hpp"
#include "harness/verify/checks/checks.hpp"

namespace lockbench::verify {
namespace {

using namespace written;
using Witnesses = std::vector<std::size_t>;

void expect_violation(const History& history, const Witnesses& witnesses, std::string_view reason) {
  const Verdict verdict = check_conservation(history);
  EXPECT_EQ(to_string(verdict.judgement), "violated");
  EXPECT_EQ(verdict.witnesses, witnesses);
  EXPECT_EQ(verdict.reason, reason);
}

TEST(Conservation, holds_of_a_history_without_calls) {
  EXPECT_TRUE(check_conservation({}).holds());
}

TEST(Conservation, holds_when_tasks_come_go_and_are_completed) {
  EXPECT_TRUE(
      check_conservation(History{added(1, {0, 1}, 5), added(2, {2, 3}), taken(1, {4, 5}, 5),
                                 cancelled(2, {4, 6}), completed(1, {6, 7}), added(3, {8, 9})})
          .holds());
}

TEST(Conservation, a_task_may_be_handed_out_by_a_call_that_began_before_its_add_did) {
  EXPECT_TRUE(check_conservation(History{taken(1, {0, 5}), added(1, {5, 9})}).holds());
}

TEST(Conservation, a_task_is_not_handed_out_before_its_add_began) {
  expect_violation({taken(1, {0, 4}), added(1, {5, 9})}, {0, 1},
                   "task 1 was handed out before its add began");
}

TEST(Conservation, nothing_is_handed_out_that_was_never_added) {
  expect_violation({added(1, {0, 1}), taken(7, {2, 3})}, {1},
                   "task 7 was handed out and never added");
}

TEST(Conservation, a_refused_add_adds_nothing) {
  expect_violation({operation(Call::add, Answer::full, {0, 1}, 1), taken(1, {2, 3})}, {1},
                   "task 1 was handed out and never added");
}

TEST(Conservation, nothing_is_handed_out_twice) {
  expect_violation({added(1, {0, 1}), taken(1, {2, 3}), taken(1, {2, 4})}, {0, 1, 2},
                   "task 1 was handed out twice");
}

TEST(Conservation, a_task_is_handed_out_with_the_priority_it_was_added_with) {
  expect_violation({added(1, {0, 1}, 5), taken(1, {2, 3}, 6)}, {0, 1},
                   "task 1 was added with priority 5 and handed out with 6");
}

TEST(Conservation, a_cancelled_task_is_never_handed_out_in_whatever_order) {
  expect_violation({added(1, {0, 1}), cancelled(1, {2, 3}), taken(1, {4, 5})}, {0, 1, 2},
                   "task 1 was cancelled and handed out");
  expect_violation({added(1, {0, 1}), taken(1, {2, 3}), cancelled(1, {4, 5})}, {0, 1, 2},
                   "task 1 was cancelled and handed out");
}

TEST(Conservation, a_refused_cancel_leaves_the_task_to_be_handed_out) {
  EXPECT_TRUE(check_conservation(History{added(1, {0, 1}), taken(1, {2, 3}),
                                         operation(Call::cancel, Answer::wrong_state, {4, 5}, 1)})
                  .holds());
}

TEST(Conservation, only_what_was_added_is_cancelled_and_once) {
  expect_violation({cancelled(1, {0, 1})}, {0}, "task 1 was cancelled and never added");
  expect_violation({cancelled(1, {0, 1}), added(1, {2, 3})}, {0, 1},
                   "task 1 was cancelled before its add began");
  expect_violation({added(1, {0, 1}), cancelled(1, {2, 3}), cancelled(1, {2, 3})}, {0, 1, 2},
                   "task 1 was cancelled twice");
}

TEST(Conservation, a_task_is_completed_once_and_after_it_was_handed_out) {
  expect_violation({added(1, {0, 1}), completed(1, {2, 3})}, {1},
                   "task 1 was completed and never handed out");
  expect_violation({added(1, {0, 1}), completed(1, {2, 3}), taken(1, {4, 5})}, {0, 1, 2},
                   "task 1 was completed before it was handed out");
  expect_violation({added(1, {0, 1}), taken(1, {2, 3}), completed(1, {4, 5}), completed(1, {6, 7})},
                   {2, 3}, "task 1 was completed twice");
}

TEST(Conservation, a_task_is_not_completed_before_its_add_began_although_its_take_had_begun) {
  expect_violation({taken(1, {0, 9}), completed(1, {1, 3}), added(1, {4, 5})}, {0, 1, 2},
                   "task 1 was completed before it was handed out");
}

TEST(Conservation, nothing_is_added_after_a_shutdown_has_returned) {
  EXPECT_TRUE(
      check_conservation(History{drained({0, 5}), added(1, {5, 6}), taken(1, {7, 8})}).holds());
  expect_violation({drained({0, 5}), added(1, {6, 7})}, {0, 1},
                   "task 1 was added after a shutdown had returned");
}

TEST(Conservation, the_first_shutdown_to_return_is_the_one_that_counts) {
  expect_violation({drained({0, 5}), drained({1, 9}), added(1, {6, 7})}, {0, 2},
                   "task 1 was added after a shutdown had returned");
  expect_violation({drained({0, 9}), drained({1, 5}), added(1, {6, 7})}, {1, 2},
                   "task 1 was added after a shutdown had returned");
}

TEST(Conservation, nothing_is_handed_out_after_a_discard_has_returned) {
  EXPECT_TRUE(
      check_conservation(History{added(1, {0, 1}), discarded({2, 5}), taken(1, {5, 6})}).holds());
  expect_violation({added(1, {0, 1}), discarded({2, 5}), taken(1, {6, 7})}, {0, 1, 2},
                   "task 1 was handed out after a discard had returned");
}

TEST(Conservation, an_add_that_never_returned_may_have_added) {
  EXPECT_TRUE(
      check_conservation(History{added(1, from(0)), added(2, from(1)), taken(1, {3, 4})}).holds());
}

TEST(Conservation, is_not_decided_when_an_id_was_added_twice) {
  const Verdict verdict =
      check_conservation(History{added(1, {0, 1}), taken(1, {2, 3}), added(1, {4, 5})});
  EXPECT_EQ(to_string(verdict.judgement), "unknown");
  EXPECT_EQ(verdict.reason, "task 1 was added more than once");
  EXPECT_EQ(verdict.witnesses, (Witnesses{0, 2}));
}

TEST(Conservation, is_not_decided_when_only_a_pending_take_can_have_handed_out_what_was_completed) {
  EXPECT_EQ(to_string(check_conservation(
                          History{added(1, {0, 1}), taken(0, from(2)), completed(1, {4, 5})})
                          .judgement),
            "unknown");
  expect_violation({added(1, {0, 1}), completed(1, {2, 3}), taken(0, from(4))}, {1},
                   "task 1 was completed and never handed out");
}

TEST(Conservation, a_violation_outweighs_what_is_not_decided) {
  expect_violation(
      {added(1, {0, 1}), taken(0, from(2)), completed(1, {4, 5}), completed(1, {6, 7})}, {2, 3},
      "task 1 was completed twice");
}

}  // namespace
}  // namespace lockbench::verify
