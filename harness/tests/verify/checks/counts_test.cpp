/// Numbers of tasks, on histories written by hand.

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "harness/tests/verify/history/handmade_history.hpp"
#include "harness/verify/checks/checks.hpp"

namespace lockbench::verify {
namespace {

using namespace testing_support;

std::string size_fault(History history, bool single_steps = true) {
  return check_sizes(in_order(std::move(history)), single_steps).reason;
}
std::string capacity_fault(History history, std::uint32_t capacity, bool single_steps = true) {
  return check_capacity(in_order(std::move(history)), capacity, single_steps).reason;
}

TEST(Sizes, are_exact_when_nothing_else_is_under_way) {
  const History history{add({0, 0, 1}, 1), add({0, 2, 3}, 2), size({4, 4, 5}, 2),
                        take({1, 6, 7}, 1), size({4, 8, 9}, 1)};
  EXPECT_EQ(size_fault(history), "");
  auto wrong = history;
  wrong[4].size = 2;
  const auto verdict = check_sizes(wrong);
  EXPECT_EQ(verdict.judgement, Judgement::violated);
  EXPECT_EQ(verdict.reason, "size is 2 while 1 tasks are queued");
  EXPECT_EQ(verdict.witnesses, (std::vector<std::size_t>{4}));
}

TEST(Sizes, beside_other_calls_lie_within_what_these_allow) {
  const auto beside = [](std::uint64_t counted) {
    return size_fault({add({0, 0, 1}, 1), add({0, 2, 3}, 2), take({1, 4, 7}, 1), add({2, 5, 9}, 3),
                       size({4, 6, 8}, counted)});
  };
  EXPECT_EQ(beside(0), "size is 0 while 1 to 3 tasks can be queued");
  for (std::uint64_t counted = 1; counted <= 3; ++counted) EXPECT_EQ(beside(counted), "");
  EXPECT_EQ(beside(4), "size is 4 while 1 to 3 tasks can be queued");
}

TEST(Sizes, count_tasks_that_are_queued_and_no_others) {
  EXPECT_EQ(size_fault({add({0, 0, 1}, 1), cancel({0, 2, 3}, 1), size({0, 4, 5}, 0)}), "");
  EXPECT_NE(size_fault({add({0, 0, 1}, 1), cancel({0, 2, 3}, 1), size({0, 4, 5}, 1)}), "");
  EXPECT_NE(size_fault({add({0, 0, 1}, 1, Answer::full), size({0, 4, 5}, 1)}), "");
  EXPECT_EQ(size_fault({add({0, 0, 1}, 1), complete({0, 2, 3}, 1, Answer::wrong_state),
                        size({0, 4, 5}, 1)}),
            "");
}

TEST(Sizes, are_nothing_after_a_discard_and_anything_less_during_it) {
  const History before{add({0, 0, 1}, 1), add({0, 2, 3}, 2), discard({0, 4, 8})};
  const auto then = [&](Operation size) {
    auto history = before;
    history.push_back(size);
    return size_fault(history);
  };
  EXPECT_EQ(then(size({1, 5, 6}, 1)), "");
  EXPECT_NE(then(size({1, 5, 6}, 3)), "");
  EXPECT_EQ(then(size({1, 9, 10}, 0)), "");
  EXPECT_EQ(then(size({1, 9, 10}, 1)), "size is 1 while 0 tasks are queued");
}

TEST(Sizes, leave_open_what_calls_did_that_never_returned) {
  for (std::uint64_t counted = 0; counted <= 2; ++counted) {
    EXPECT_EQ(size_fault({add({0, 0, 1}, 1), open(take({1, 2, 3}, 0)), open(add({2, 2, 3}, 2)),
                          size({4, 9, 10}, counted)}),
              "");
  }
  EXPECT_NE(size_fault({open(add({2, 2, 3}, 2)), size({4, 9, 10}, 2)}), "");
}

TEST(Sizes, may_count_refused_adds_under_way_if_calls_are_several_steps) {
  const History beside{add({0, 0, 1}, 1), add({1, 2, 9}, 1, Answer::duplicate), size({2, 3, 4}, 2)};
  EXPECT_NE(size_fault(beside), "");
  EXPECT_EQ(size_fault(beside, false), "");
  const History after{add({0, 0, 1}, 1), add({1, 2, 3}, 1, Answer::duplicate), size({2, 4, 5}, 2)};
  EXPECT_NE(size_fault(after, false), "");
}

TEST(Capacity, is_never_exceeded) {
  const History two{add({0, 0, 1}, 1), add({0, 2, 3}, 2)};
  EXPECT_EQ(capacity_fault(two, 2), "");
  EXPECT_EQ(capacity_fault(two, 1),
            "2 tasks are known once task 2 has been added, in a queue of capacity 1");
  EXPECT_NE(capacity_fault(two, 1, false), "");
}

TEST(Capacity, counts_tasks_until_they_are_forgotten) {
  const auto after = [](Operation last) {
    return capacity_fault({add({0, 0, 1}, 1), cancel({0, 2, 3}, 1), last, add({1, 6, 9}, 2)}, 1);
  };
  EXPECT_NE(after(cancel({0, 4, 5}, 1, Answer::wrong_state)), "");
  EXPECT_EQ(after(forget({0, 4, 5}, 1)), "");
  EXPECT_EQ(after(forget({0, 9, 12}, 1)), "") << "it may have been faster";
  EXPECT_NE(after(forget({0, 10, 12}, 1)), "");
}

TEST(Capacity, is_used_to_the_last_place) {
  const History one{add({0, 0, 1}, 1), add({0, 4, 7}, 3, Answer::full)};
  EXPECT_EQ(capacity_fault(one, 1), "");
  EXPECT_EQ(capacity_fault(one, 2),
            "task 3 was refused as the queue was full, but at most 1 of 2 places can have been "
            "taken");
  auto beside = one;
  beside.push_back(add({1, 5, 6}, 2));
  EXPECT_EQ(capacity_fault(beside, 2), "");
  auto too_long = one;
  too_long[1].too_long = true;
  EXPECT_EQ(capacity_fault(too_long, 2), "");
}

TEST(Capacity, may_be_held_for_a_while_if_calls_are_several_steps) {
  // By an add that is refused as well.
  const History beside{add({0, 0, 1}, 1), add({0, 2, 9}, 1, Answer::duplicate),
                       add({1, 4, 7}, 3, Answer::full)};
  EXPECT_NE(capacity_fault(beside, 2), "");
  EXPECT_EQ(capacity_fault(beside, 2, false), "");
  // By a task that was cancelled and forgotten, until its turn.
  const History stale{add({0, 0, 1}, 1), cancel({0, 2, 3}, 1), forget({0, 4, 5}, 1),
                      add({1, 6, 7}, 3, Answer::full)};
  EXPECT_NE(capacity_fault(stale, 1), "");
  EXPECT_EQ(capacity_fault(stale, 1, false), "");
  // Not by one that was taken.
  const History taken{add({0, 0, 1}, 1), take({0, 2, 3}, 1), complete({0, 4, 5}, 1),
                      forget({0, 6, 7}, 1), add({1, 8, 9}, 3, Answer::full)};
  EXPECT_NE(capacity_fault(taken, 1, false), "");
}

}  // namespace
}  // namespace lockbench::verify
