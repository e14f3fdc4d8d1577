/// The checkers of order and conservation against brute force on a million small random histories.

#include "harness/tests/verify/checks/order_oracle.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <initializer_list>
#include <span>

#include "harness/tests/verify/checks/random_histories.hpp"
#include "harness/verify/checks/checks.hpp"
#include "strategies/tests/test_scale.hpp"

namespace lockbench::verify {
namespace {

using oracle::Discipline;
using oracle::HistoryMaker;
using oracle::Ingredients;
using oracle::text_of;
using testing_support::scaled;

using Check = Verdict (*)(std::span<const Operation>);

/// How checkers and brute force judged the same histories.
struct Tally {
  std::uint64_t agreed_linearizable = 0;
  std::uint64_t agreed_violated = 0;
  std::uint64_t wrongly_violated = 0;
  std::uint64_t missed = 0;  // linearizable only according to the checkers
  std::uint64_t unknown = 0;
  std::uint64_t out_of_order = 0;  // of `agreed_violated`: with all tasks conserved
  History first_wrong;
  History first_missed;

  void count(const History& history, Judgement checked, bool linearizable) {
    if (checked == Judgement::unknown) {
      ++unknown;
    } else if (checked == Judgement::violated) {
      ++(linearizable ? wrongly_violated : agreed_violated);
      if (linearizable && first_wrong.empty()) first_wrong = history;
    } else {
      ++(linearizable ? agreed_linearizable : missed);
      if (!linearizable && first_missed.empty()) first_missed = history;
    }
  }
  [[nodiscard]] double share(std::uint64_t count) const {
    return static_cast<double>(count) / static_cast<double>(total());
  }
  [[nodiscard]] std::uint64_t total() const {
    return agreed_linearizable + agreed_violated + wrongly_violated + missed + unknown;
  }
};

/// Judges by conservation and the given checks: violated if any says so, else unknown if any says so.
Tally compare(std::uint64_t histories, Ingredients ingredients,
              std::initializer_list<Check> checks) {
  Tally tally;
  HistoryMaker maker(ingredients, 20240601);
  for (std::uint64_t i = 0; i < histories; ++i) {
    const History history = maker.next();
    const bool linearizable = oracle::linearizable(history, ingredients.discipline);
    Judgement judgement = check_conservation(history).judgement;
    const bool conserved = judgement != Judgement::violated;
    for (const Check check : checks) {
      const Judgement one = check(history).judgement;
      if (judgement != Judgement::violated && one != Judgement::linearizable) judgement = one;
    }
    tally.count(history, judgement, linearizable);
    if (conserved && judgement == Judgement::violated && !linearizable) ++tally.out_of_order;
  }
  fmt::print(
      "{} histories: {} linearizable, {} violated ({} in order), {} unknown, {} wrongly violated, "
      "{} "
      "missed\n",
      tally.total(), tally.agreed_linearizable, tally.agreed_violated, tally.out_of_order,
      tally.unknown, tally.wrongly_violated, tally.missed);
  return tally;
}

void expect_both_verdicts(const Tally& tally) {
  EXPECT_GT(tally.share(tally.agreed_linearizable), 0.1);
  EXPECT_GT(tally.share(tally.agreed_violated), 0.1);
  EXPECT_GT(tally.share(tally.out_of_order), 0.015);
}
void expect_sound(const Tally& tally) {
  EXPECT_EQ(tally.wrongly_violated, 0) << text_of(tally.first_wrong);
  expect_both_verdicts(tally);
}
void expect_exact(const Tally& tally) {
  expect_sound(tally);
  EXPECT_EQ(tally.missed, 0) << text_of(tally.first_missed);
  EXPECT_EQ(tally.unknown, 0);
}

TEST(OracleOfFifo, agrees_with_the_checkers_on_adds_and_takes) {
  expect_exact(compare(scaled(200'000), {.discipline = Discipline::fifo}, {check_fifo_order}));
}

TEST(OracleOfFifo, agrees_with_the_checkers_when_tasks_are_cancelled) {
  expect_exact(compare(scaled(300'000), {.discipline = Discipline::fifo, .cancels = true},
                       {check_fifo_order}));
}

TEST(OracleOfFifo, agrees_with_the_checkers_on_longer_histories) {
  expect_exact(compare(scaled(150'000),
                       {.discipline = Discipline::fifo, .operations = 10, .cancels = true},
                       {check_fifo_order}));
}

TEST(OracleOfFifo, agrees_with_what_the_checkers_find_among_calls_that_never_returned) {
  const Tally tally =
      compare(scaled(200'000), {.discipline = Discipline::fifo, .cancels = true, .pending = true},
              {check_fifo_order});
  expect_sound(tally);
  EXPECT_EQ(tally.missed, 0) << text_of(tally.first_missed);
  EXPECT_LT(tally.share(tally.unknown), 0.1);
}

TEST(OracleOfFifo, confirms_every_violation_found_beside_shutdowns_and_completions) {
  expect_sound(compare(scaled(200'000),
                       {.discipline = Discipline::fifo,
                        .cancels = true,
                        .completions = true,
                        .shutdowns = true,
                        .pending = true},
                       {check_fifo_order}));
}

TEST(OracleOfPriority, agrees_with_the_checkers_on_adds_and_takes) {
  expect_exact(
      compare(scaled(200'000), {.discipline = Discipline::priority}, {check_priority_order}));
}

TEST(OracleOfPriority, agrees_with_the_checkers_when_tasks_are_cancelled) {
  expect_exact(compare(scaled(300'000), {.discipline = Discipline::priority, .cancels = true},
                       {check_priority_order}));
}

TEST(OracleOfPriority, agrees_with_the_checkers_on_longer_histories) {
  expect_exact(compare(
      scaled(150'000),
      {.discipline = Discipline::priority, .operations = 10, .priorities = 6, .cancels = true},
      {check_priority_order}));
}

TEST(OracleOfPriority, agrees_with_what_the_checkers_find_among_calls_that_never_returned) {
  const Tally tally = compare(
      scaled(200'000), {.discipline = Discipline::priority, .cancels = true, .pending = true},
      {check_priority_order});
  expect_sound(tally);
  EXPECT_EQ(tally.missed, 0) << text_of(tally.first_missed);
  EXPECT_LT(tally.share(tally.unknown), 0.1);
}

TEST(OracleOfPriority, confirms_every_violation_found_beside_shutdowns_and_completions) {
  expect_sound(compare(scaled(200'000),
                       {.discipline = Discipline::priority,
                        .cancels = true,
                        .completions = true,
                        .shutdowns = true,
                        .pending = true},
                       {check_priority_order}));
}

TEST(OracleOfTies, confirms_every_violation_and_misses_few) {
  const Tally tally = compare(
      scaled(200'000),
      {.discipline = Discipline::priority_fifo, .priorities = 2, .cancels = true, .pending = true},
      {check_priority_order, check_tie_order});
  expect_sound(tally);
  EXPECT_LT(tally.share(tally.missed), 0.01);
}

TEST(OracleOfBags, agrees_with_conservation_and_empty_answers) {
  expect_exact(compare(scaled(200'000),
                       {.discipline = Discipline::unordered, .cancels = true, .completions = true},
                       {check_empty_answers}));
}

TEST(OracleOfBags, confirms_every_violation_found_beside_shutdowns) {
  expect_sound(compare(scaled(200'000),
                       {.discipline = Discipline::unordered,
                        .cancels = true,
                        .completions = true,
                        .shutdowns = true,
                        .pending = true},
                       {check_empty_answers}));
}

TEST(OracleOfProducers, agrees_with_the_checkers) {
  expect_exact(
      compare(scaled(200'000),
              {.discipline = Discipline::per_producer, .empty_answers = false, .cancels = true},
              {check_producer_order}));
}

}  // namespace
}  // namespace lockbench::verify
