/// The witnesses of a violation are a violation by themselves, and none of them can be left out.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <span>

#include "harness/tests/verify/checks/order_oracle.hpp"
#include "harness/tests/verify/checks/random_histories.hpp"
#include "harness/verify/checks/checks.hpp"
#include "strategies/tests/test_scale.hpp"

namespace lockbench::verify {
namespace {

using oracle::Discipline;
using oracle::HistoryMaker;
using oracle::text_of;
using testing_support::scaled;

History shown(const History& history, const Verdict& verdict) {
  History operations;
  for (const std::size_t index : verdict.witnesses) operations.push_back(history[index]);
  return operations;
}

History without_task(History history, TaskId id) {
  std::erase_if(history, [&](const Operation& operation) {
    return !finds_nothing(operation) && operation.id == id;
  });
  return history;
}

History without_empty_answers(History history) {
  std::erase_if(history, finds_nothing);
  return history;
}

std::set<TaskId> tasks_of(const History& history) {
  std::set<TaskId> ids;
  for (const Operation& operation : history) {
    if (!finds_nothing(operation)) ids.insert(operation.id);
  }
  return ids;
}

/// Returns the history with the takes that meet `condition` turned into cancels, which obey no order.
History with_cancels_instead_of_takes(History history, auto&& condition) {
  for (Operation& operation : history) {
    if (!hands_out(operation) || !condition(operation)) continue;
    operation.call = Call::cancel;
    operation.answer = Answer::ok;
  }
  return history;
}

void expect_minimal(const History& violation, Discipline discipline) {
  EXPECT_FALSE(oracle::linearizable(violation, discipline)) << text_of(violation);
  for (const TaskId id : tasks_of(violation)) {
    EXPECT_TRUE(oracle::linearizable(without_task(violation, id), discipline))
        << "needs no task " << id << " in\n"
        << text_of(violation);
  }
}

TEST(Witnesses, of_a_queue_first_in_first_out_are_a_violation_and_all_needed) {
  HistoryMaker maker({.discipline = Discipline::fifo, .operations = 11, .cancels = true}, 1);
  std::uint64_t violations = 0;
  std::size_t most = 0;
  for (std::uint64_t i = 0; i < scaled(200'000) && !HasFailure(); ++i) {
    const History history = maker.next();
    const Verdict verdict = check_fifo_order(history);
    if (verdict.judgement != Judgement::violated) continue;
    const History violation = shown(history, verdict);
    expect_minimal(violation, Discipline::fifo);
    EXPECT_TRUE(oracle::linearizable(without_empty_answers(violation), Discipline::fifo) ||
                violation == without_empty_answers(violation));
    EXPECT_EQ(std::ranges::count_if(violation, finds_nothing) > 0,
              violation != without_empty_answers(violation));
    ++violations;
    most = std::max(most, violation.size());
  }
  EXPECT_GT(violations, scaled(10'000));
  EXPECT_GE(most, 5) << "no interval was covered by several tasks";
}

/// Returns the task that was taken too early: the one of lowest priority.
TaskId taken_too_early(const History& violation) {
  const auto add =
      std::ranges::min_element(violation, {}, [](const Operation& operation) -> std::int64_t {
        return operation.call == Call::add ? operation.priority : INT64_MAX;
      });
  return add->id;
}

TEST(Witnesses, of_a_priority_queue_are_a_violation_and_all_needed) {
  HistoryMaker maker(
      {.discipline = Discipline::priority, .operations = 11, .priorities = 5, .cancels = true}, 1);
  std::uint64_t violations = 0;
  std::size_t most = 0;
  for (std::uint64_t i = 0; i < scaled(200'000) && !HasFailure(); ++i) {
    const History history = maker.next();
    const Verdict verdict = check_priority_order(history);
    if (verdict.judgement != Judgement::violated) continue;
    History violation = shown(history, verdict);
    const bool is_of_take = violation == without_empty_answers(violation);
    const TaskId early = is_of_take ? taken_too_early(violation) : 0;
    // The tasks that cover an interval may be out of order themselves, which is another violation.
    violation = with_cancels_instead_of_takes(
        violation, [&](const Operation& take) { return take.id != early; });
    expect_minimal(violation, Discipline::priority);
    ++violations;
    if (is_of_take) most = std::max(most, violation.size());
  }
  EXPECT_GT(violations, scaled(10'000));
  EXPECT_GE(most, 6) << "no take was covered by several tasks";
}

}  // namespace
}  // namespace lockbench::verify
