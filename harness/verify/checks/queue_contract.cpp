#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

#include "harness/verify/checks/contract.hpp"
#include "harness/verify/history/history_names.hpp"
#include "harness/verify/search/explanation.hpp"
#include "harness/verify/search/queue_model.hpp"
#include "harness/verify/search/window_calls.hpp"

namespace lockbench::verify {

namespace {

static_assert(most_window_ids == QueueModel::most_ids);
// Renumbered priorities are below 256.
static_assert(most_window_operations < 256);

[[nodiscard]] Verdict beyond_the_search(std::span<const Operation> operations) {
  const auto too_many = [](std::size_t count, std::string_view what, std::size_t most) {
    return undecided(
        fmt::format("{} {} are too many for one search, which takes up to {}", count, what, most));
  };
  const auto ids = ids_of(operations).size();
  if (operations.size() > most_window_operations) {
    return too_many(operations.size(), "calls", most_window_operations);
  }
  return ids > most_window_ids ? too_many(ids, "tasks", most_window_ids) : Verdict{};
}

}  // namespace

ContractRules rules_of(const StrategyTraits& traits, std::uint32_t capacity) {
  return {traits.ordering, capacity, traits.consistency == Consistency::linearizable};
}

Verdict check_contract(const History& history, const ContractRules& rules,
                       std::uint64_t most_steps) {
  if (auto tasks = check_tasks(history, most_steps); tasks.judgement == Judgement::violated) {
    return tasks;
  }
  auto calls = judged_calls(history);
  if (!rules.single_steps) calls = calls_of_several_steps(calls);
  if (auto beyond = beyond_the_search(calls.operations); !beyond.holds()) return beyond;

  const QueueModel empty{rules.single_steps ? rules.ordering : Ordering::none, rules.capacity};
  LinearizationSearch<QueueModel> search;
  auto left = (1 + shrinking_share) * most_steps;
  const auto decide = [&](std::span<const Operation> operations) {
    const auto judgement = search.run(renumbered(operations), empty, std::min(most_steps, left));
    left -= search.steps();
    return judgement;
  };
  switch (decide(calls.operations)) {
    case Judgement::linearizable: return {};
    case Judgement::unknown: return out_of_steps(calls.operations.size(), most_steps);
    case Judgement::violated: break;
  }
  return explained_violation(std::move(calls), decide);
}

}  // namespace lockbench::verify
