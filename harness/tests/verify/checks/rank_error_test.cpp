#include <gtest/gtest.h>

#include <algorithm>

#include "harness/tests/verify/checks/random_histories.hpp"
#include "harness/tests/verify/history/written_history.hpp"
#include "harness/verify/checks/checks.hpp"
#include "strategies/tests/test_scale.hpp"

namespace lockbench::verify {
namespace {

using namespace written;

TEST(RankError, is_nothing_without_takes) {
  EXPECT_EQ(rank_error(History{added(1, {0, 1}), nothing({2, 3})}), RankError{});
}

TEST(RankError, counts_the_higher_tasks_that_are_there_during_all_of_a_take) {
  const History history{added(1, {0, 1}, 1), added(2, {0, 1}, 5), added(3, {0, 1}, 6),
                        taken(1, {2, 3}, 1), taken(3, {4, 5}, 6), taken(2, {6, 7}, 5)};
  EXPECT_EQ(rank_error(history),
            (RankError{.takes = 3, .worst_take = 3, .max = 2, .mean = 2.0 / 3}));
}

TEST(RankError, does_not_count_tasks_of_equal_or_lower_priority) {
  const History history{added(1, {0, 1}, 5), added(2, {0, 1}, 5), added(3, {0, 1}, 4),
                        taken(1, {2, 3}, 5)};
  EXPECT_EQ(rank_error(history).max, 0);
}

TEST(RankError, does_not_count_tasks_that_may_have_come_later_or_gone_before) {
  const History history{added(1, {0, 1}, 1), added(2, {0, 4}, 5), added(3, {0, 1}, 6),
                        taken(1, {4, 8}, 1), cancelled(3, {8, 9})};
  EXPECT_EQ(rank_error(history).max, 0);
}

TEST(RankError, does_not_count_what_a_take_that_never_returned_may_have_taken) {
  const History history{added(1, {0, 1}, 1), added(2, {0, 1}, 5), taken(0, from(2)),
                        taken(1, {4, 5}, 1)};
  EXPECT_EQ(rank_error(history).max, 0);
}

/// The rank errors by their definition, for histories that conserve tasks and in which all calls returned.
RankError by_definition(const History& history) {
  const auto leaving = [](const Operation& operation) {
    return hands_out(operation) || operation.call == Call::cancel;
  };
  RankError result;
  std::uint64_t sum = 0;
  for (const Operation& take : history) {
    if (!hands_out(take)) continue;
    ++result.takes;
    const auto own = std::ranges::find_if(history, [&](const Operation& other) {
      return other.call == Call::add && other.id == take.id;
    });
    std::uint64_t error = 0;
    for (const Operation& add : history) {
      if (add.call != Call::add || add.priority <= take.priority) continue;
      const bool stays = std::ranges::none_of(history, [&](const Operation& other) {
        return leaving(other) && other.id == add.id && other.invoked <= take.returned;
      });
      if (stays && add.returned < std::max(take.invoked, own->invoked)) ++error;
    }
    result.max = std::max(result.max, error);
    sum += error;
  }
  if (result.takes > 0) result.mean = static_cast<double>(sum) / static_cast<double>(result.takes);
  return result;
}

TEST(RankError, is_that_of_the_definition_on_random_histories) {
  oracle::HistoryMaker maker({.discipline = oracle::Discipline::unordered,
                              .operations = 12,
                              .priorities = 4,
                              .cancels = true},
                             7);
  std::uint64_t erroneous = 0;
  for (std::uint64_t i = 0; i < testing_support::scaled(100'000); ++i) {
    const History history = maker.next();
    if (!check_conservation(history).holds()) continue;
    RankError counted = rank_error(history);
    counted.worst_take = 0;
    ASSERT_EQ(counted, by_definition(history)) << oracle::text_of(history);
    if (counted.max == 0) continue;
    ++erroneous;
    ASSERT_FALSE(check_priority_order(history).holds()) << "a strict queue's errors are 0";
  }
  EXPECT_GT(erroneous, testing_support::scaled(5'000));
}

}  // namespace
}  // namespace lockbench::verify
