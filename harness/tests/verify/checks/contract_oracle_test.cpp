/// Compares the searches with trying all orders of a handful of calls.

#include "harness/tests/verify/checks/contract_oracle.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/verify/checks/checks.hpp"
#include "harness/verify/history/history.hpp"
#include "strategies/tests/test_scale.hpp"

namespace lockbench::verify {
namespace {

using testing_support::agrees_with_contract;
using testing_support::RandomHistory;
using testing_support::Recipe;
using testing_support::scaled;

std::string listed(const History& history) {
  std::string lines;
  for (const auto& operation : history) {
    lines += fmt::format("\n  {} … {}  {}: {}", operation.invoked,
                         static_cast<std::int64_t>(operation.returned), question(operation),
                         answer_text(operation));
  }
  return lines;
}

/// How often each verdict was due.
struct Tally {
  std::uint64_t linearizable = 0;
  std::uint64_t violated = 0;
  std::uint64_t mismatches = 0;

  void expect(bool due, const Verdict& verdict, const History& history) {
    ++(due ? linearizable : violated);
    if (verdict.judgement == (due ? Judgement::linearizable : Judgement::violated)) return;
    if (mismatches++ == 0) {
      ADD_FAILURE() << to_string(verdict.judgement) << ": " << verdict.reason << listed(history);
    }
  }
  /// Whether both verdicts were frequent and all were right.
  void settle() const {
    EXPECT_EQ(mismatches, 0U);
    EXPECT_GT(10 * linearizable, linearizable + violated);
    EXPECT_GT(10 * violated, linearizable + violated);
  }
};

History witnesses_of(const History& history, const Verdict& verdict) {
  History witnesses;
  for (const auto index : verdict.witnesses) witnesses.push_back(history.at(index));
  return witnesses;
}

constexpr std::array orderings{Ordering::priority_fifo, Ordering::priority, Ordering::fifo,
                               Ordering::none};
const std::vector all_kinds{Call::add,
                            Call::add,
                            Call::add,
                            Call::try_take,
                            Call::take,
                            Call::take,
                            Call::status,
                            Call::complete,
                            Call::cancel,
                            Call::forget,
                            Call::size,
                            Call::join,
                            Call::shutdown_drain,
                            Call::shutdown_discard};

Recipe whole_queue(Random& random) {
  Recipe recipe{.calls = all_kinds};
  recipe.ordering = orderings[random.below(orderings.size())];
  recipe.capacity = 1 + random.below(3);
  recipe.longest = 1 + random.below(8);
  return recipe;
}

TEST(ContractSearch, agrees_with_all_orders_of_a_handful_of_calls) {
  Random random{1};
  Tally tally;
  for (auto left = scaled(1'000'000); left > 0; --left) {
    const auto recipe = whole_queue(random);
    const auto history = RandomHistory{recipe, random}.make();
    const auto capacity = static_cast<std::uint32_t>(recipe.capacity);
    tally.expect(agrees_with_contract(history, recipe.ordering, recipe.capacity),
                 check_contract(history, {recipe.ordering, capacity}), history);
  }
  tally.settle();
}

TEST(ContractSearch, every_excerpt_it_shows_is_violated_by_itself) {
  Random random{2};
  std::uint64_t violated = 0;
  std::uint64_t shorter = 0;
  for (auto left = scaled(60'000); left > 0; --left) {
    const auto recipe = whole_queue(random);
    const auto history = RandomHistory{recipe, random}.make();
    const auto capacity = static_cast<std::uint32_t>(recipe.capacity);
    const auto verdict = check_contract(history, {recipe.ordering, capacity});
    if (verdict.holds()) continue;
    const auto witnesses = witnesses_of(history, verdict);
    ASSERT_FALSE(agrees_with_contract(witnesses, recipe.ordering, recipe.capacity))
        << verdict.reason;
    ++violated;
    if (witnesses.size() < history.size()) ++shorter;
  }
  EXPECT_GT(violated, scaled(6'000));
  EXPECT_GT(3 * shorter, 2 * violated);
}

TEST(ContractSearch, is_never_stricter_where_calls_may_be_several_steps) {
  Random random{3};
  std::uint64_t agreeing = 0;
  std::uint64_t violated = 0;
  for (auto left = scaled(100'000); left > 0; --left) {
    const auto recipe = whole_queue(random);
    const auto history = RandomHistory{recipe, random}.make();
    const ContractRules rules{recipe.ordering, static_cast<std::uint32_t>(recipe.capacity), false};
    const auto verdict = check_contract(history, rules);
    if (!verdict.holds()) ++violated;
    if (!agrees_with_contract(history, recipe.ordering, recipe.capacity)) continue;
    ASSERT_TRUE(verdict.holds()) << verdict.reason;
    ++agreeing;
  }
  EXPECT_GT(agreeing, scaled(10'000));
  EXPECT_GT(violated, scaled(10'000));
}

TEST(TaskSearch, agrees_with_all_orders_where_nothing_ties_tasks_together) {
  Random random{4};
  Tally tally;
  const Recipe recipe{.calls = {Call::add, Call::add, Call::take, Call::status, Call::complete,
                                Call::cancel, Call::forget},
                      .ids = 2};
  for (auto left = scaled(250'000); left > 0; --left) {
    auto history = RandomHistory{recipe, random}.make();
    std::erase_if(history, [](const Operation& operation) {
      return is_take(operation) ? operation.answer != Answer::task
                                : operation.answer == Answer::full;
    });
    tally.expect(agrees_with_contract(history, Ordering::none, 8), check_tasks(history), history);
  }
  tally.settle();
}

TEST(TaskSearch, agrees_with_all_orders_of_calls_about_one_task_and_of_join) {
  Random random{5};
  Tally tally;
  const Recipe recipe{.calls = {Call::add, Call::add, Call::take, Call::status, Call::complete,
                                Call::cancel, Call::forget, Call::join},
                      .ids = 1};
  for (auto left = scaled(150'000); left > 0; --left) {
    auto history = RandomHistory{recipe, random}.make();
    std::erase_if(history, [](const Operation& operation) {
      return finds_nothing(operation) || operation.answer == Answer::full;
    });
    tally.expect(agrees_with_contract(history, Ordering::none, 8), check_tasks(history), history);
  }
  tally.settle();
}

/// This check leaves some things to others: it finds fewer violations, but no false ones.
TEST(TaskSearch, finds_no_violation_where_an_order_agrees_and_most_where_none_does) {
  Random random{6};
  std::uint64_t agreeing = 0;
  std::uint64_t violated = 0;
  std::uint64_t found = 0;
  for (auto left = scaled(100'000); left > 0; --left) {
    auto recipe = whole_queue(random);
    recipe.capacity = 8;
    recipe.ordering = Ordering::none;
    const auto history = RandomHistory{recipe, random}.make();
    const auto verdict = check_tasks(history);
    if (agrees_with_contract(history, Ordering::none, 8)) {
      ASSERT_TRUE(verdict.holds()) << verdict.reason;
      ++agreeing;
    } else {
      ++violated;
      if (!verdict.holds()) ++found;
    }
  }
  EXPECT_GT(agreeing, scaled(10'000));
  EXPECT_GT(2 * found, violated);
}

/// These checks are sound for histories of any length, and find some violations, but not all.
TEST(LongHistories, are_not_flagged_by_their_checks_where_an_order_agrees) {
  Random random{8};
  std::uint64_t agreeing = 0;
  std::array<std::uint64_t, 3> found{};
  for (auto left = scaled(300'000); left > 0; --left) {
    auto recipe = whole_queue(random);
    recipe.calls = {Call::add,      Call::add,    Call::take,   Call::take,
                    Call::complete, Call::cancel, Call::forget, Call::size};
    recipe.ids = 2;
    recipe.operations = 8;
    const auto history = RandomHistory{recipe, random}.make();
    const auto capacity = static_cast<std::uint32_t>(recipe.capacity);
    const bool agrees = agrees_with_contract(history, recipe.ordering, recipe.capacity);
    agreeing += agrees ? 1 : 0;
    for (const bool single_steps : {true, false}) {
      const std::array verdicts{check_sizes(history, single_steps),
                                check_capacity(history, capacity, single_steps),
                                check_reused_order(history, recipe.ordering, single_steps)};
      for (std::size_t at = 0; at < verdicts.size(); ++at) {
        const bool violated = verdicts[at].judgement == Judgement::violated;
        ASSERT_FALSE(agrees && violated) << verdicts[at].reason << listed(history);
        found[at] += violated ? 1 : 0;
      }
    }
  }
  EXPECT_GT(agreeing, scaled(60'000));
  for (const auto number : found) EXPECT_GT(number, scaled(1'000));
}

TEST(Closing, agrees_with_all_orders_of_adds_and_shutdowns) {
  Random random{7};
  Tally tally;
  const Recipe recipe{
      .calls = {Call::add, Call::add, Call::add, Call::shutdown_drain}, .ids = 1, .longest = 3};
  for (auto left = scaled(150'000); left > 0; --left) {
    auto history = RandomHistory{recipe, random}.make();
    TaskId next = 1;
    for (auto& operation : history) {
      if (operation.call == Call::add && !operation.pending() && random.below(3) == 0) {
        operation.answer = operation.answer == Answer::added ? Answer::shut_down : Answer::added;
      }
      operation.id = next++;
      if (operation.answer == Answer::duplicate) operation.answer = Answer::added;
      if (operation.answer == Answer::full) operation.answer = Answer::shut_down;
      operation.too_long = false;
    }
    tally.expect(agrees_with_contract(history, Ordering::none, 8), check_shutdown_order(history),
                 history);
  }
  tally.settle();
}

}  // namespace
}  // namespace lockbench::verify
