/// What all checks say of a history together, compared with trying all orders of a handful of calls.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "harness/tests/verify/checks/contract_oracle.hpp"
#include "harness/verify/checks/checks.hpp"
#include "harness/verify/verify.hpp"
#include "strategies/tests/test_scale.hpp"

namespace lockbench::verify {
namespace {

using testing_support::agrees_with_contract;
using testing_support::RandomHistory;
using testing_support::Recipe;
using testing_support::scaled;

bool is_distinct(const History& history) {
  std::set<TaskId> ids;
  return std::ranges::all_of(history, [&](const Operation& operation) {
    return !may_add(operation) || ids.insert(operation.id).second;
  });
}

bool any_is(Judgement judgement, const std::vector<CheckVerdict>& verdicts) {
  return std::ranges::any_of(verdicts, [&](const CheckVerdict& decided) {
    return decided.verdict.judgement == judgement;
  });
}

std::string told(const std::vector<CheckVerdict>& verdicts, const History& history) {
  std::string text;
  for (const auto& [check, verdict] : verdicts) {
    text +=
        fmt::format("{} {}: {}\n", to_string(check), to_string(verdict.judgement), verdict.reason);
  }
  for (const auto& call : history) {
    text += fmt::format("{} to {}: {} → {}\n", call.invoked, call.returned, question(call),
                        answer_text(call));
  }
  return text;
}

TEST(Decide, decides_every_short_history_even_if_calls_never_returned) {
  const Recipe recipe{
      .calls = {Call::add, Call::add, Call::add, Call::try_take, Call::take, Call::try_take,
                Call::status, Call::complete, Call::complete, Call::cancel, Call::forget,
                Call::size, Call::join, Call::shutdown_drain, Call::shutdown_discard},
      .ordering = Ordering::priority_fifo,
      .capacity = 2,
      .operations = 8};
  Random random{8};
  std::uint64_t settled = 0;
  std::uint64_t violated = 0;
  std::uint64_t agreeing = 0;
  for (auto left = scaled(100'000); left > 0; --left) {
    RecordedHistory recorded{
        .header = {.strategy = {}, .check = {}, .ordering = recipe.ordering, .capacity = 2},
        .history = RandomHistory{recipe, random}.make()};
    for (auto& call : recorded.history) {
      if (call.answer == Answer::timed_out) call.deadline = call.invoked;
    }
    recorded.header.distinct = is_distinct(recorded.history);
    const bool agrees = agrees_with_contract(recorded.history, recipe.ordering, 2);
    const auto verdicts = decide(recorded);
    ASSERT_EQ(any_is(Judgement::violated, verdicts), !agrees) << told(verdicts, recorded.history);
    ++(agrees ? agreeing : violated);
    if (!agrees) continue;
    ASSERT_FALSE(any_is(Judgement::unknown, verdicts));
    if (!recorded.header.distinct) continue;
    settled += check_conservation(recorded.history).judgement == Judgement::unknown ||
               check_priority_order(recorded.history).judgement == Judgement::unknown;
  }
  EXPECT_GT(settled, scaled(60)) << "some need the search";
  EXPECT_GT(violated, scaled(10'000));
  EXPECT_GT(agreeing, scaled(10'000));
}

TEST(Decide, leaves_open_what_the_search_does_not_look_at) {
  // Which of two tasks of one producer did the take that never returned take?
  const History history{
      {.invoked = 0, .returned = 1, .id = 1, .call = Call::add, .answer = Answer::added},
      {.invoked = 2, .returned = 3, .id = 2, .call = Call::add, .answer = Answer::added},
      {.invoked = 4, .thread = 1, .call = Call::try_take},
      {.invoked = 5,
       .returned = 6,
       .id = 2,
       .thread = 2,
       .call = Call::try_take,
       .answer = Answer::task}};
  const auto verdicts = [&](Ordering ordering, Consistency consistency) {
    return decide({.header = {.strategy = {},
                              .check = {},
                              .ordering = ordering,
                              .consistency = consistency,
                              .capacity = 4},
                   .history = history});
  };
  EXPECT_TRUE(
      any_is(Judgement::unknown, verdicts(Ordering::fifo_per_producer, Consistency::linearizable)));
  EXPECT_TRUE(any_is(Judgement::unknown, verdicts(Ordering::fifo, Consistency::per_task)));
  EXPECT_FALSE(any_is(Judgement::unknown, verdicts(Ordering::fifo, Consistency::linearizable)));
}

}  // namespace
}  // namespace lockbench::verify
