#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "harness/verify/checks/checks.hpp"
#include "harness/verify/history/history.hpp"
#include "harness/verify/search/excerpt.hpp"
#include "harness/verify/search/linearizability.hpp"
#include "harness/verify/search/models.hpp"
#include "harness/verify/search/task_parts.hpp"

namespace lockbench::verify {
namespace {

/// Index of an operation.
using Index = std::optional<std::size_t>;

/// The operations that bound the moment of the shutdown.
struct Bounds {
  Index first_shutdown;  ///< the first to begin: it was no earlier
  Index last_open;       ///< the last add to begin that was not refused: it was no earlier
  Index first_closed;    ///< the first to return of shutdowns and `shut_down`: it was no later
};

[[nodiscard]] Bounds bounds_of(const History& history) {
  Bounds bounds;
  for (std::size_t index = 0; index < history.size(); ++index) {
    const auto& operation = history[index];
    if (is_shutdown(operation) && !bounds.first_shutdown) bounds.first_shutdown = index;
    if (operation.pending()) continue;
    if (is_shutdown(operation) || operation.answer == Answer::shut_down) {
      auto& first = bounds.first_closed;
      if (!first || operation.returned < history[*first].returned) first = index;
    } else if (operation.call == Call::add) {
      bounds.last_open = index;
    }
  }
  return bounds;
}

[[nodiscard]] std::string said(const Operation& operation) {
  return fmt::format("thread {}'s {} answered {}", operation.thread, question(operation),
                     answer_text(operation));
}

/// Whether no calls overlap and the only order agrees with the contract. False says nothing.
[[nodiscard]] bool agree_one_by_one(std::span<const Operation> operations) noexcept {
  TaskModel model;
  for (std::size_t index = 0; index < operations.size(); ++index) {
    if (operations[index].pending()) return false;
    if (index > 0 && !precedes(operations[index - 1], operations[index])) return false;
    if (!model.step(operations[index], 0)) return false;
  }
  return true;
}

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

Verdict check_shutdown_order(const History& history) {
  const auto [shutdown, open, closed] = bounds_of(history);
  if (!closed) return {};
  const auto& told = history[*closed];
  // `told` is not a shutdown in the next two cases: it would have been invoked before it returned.
  if (!shutdown) return violation(said(told) + ", but nobody shut the queue down", {*closed});
  if (const auto& first = history[*shutdown]; precedes(told, first)) {
    return violation(fmt::format("{} before thread {}'s {} began, which was the first", said(told),
                                 first.thread, question(first)),
                     {*closed, *shutdown});
  }
  if (!open || !precedes(told, history[*open])) return {};
  const auto why = is_shutdown(told)
                       ? fmt::format("thread {}'s {} had returned", told.thread, question(told))
                       : said(told);
  return violation(
      fmt::format("{}, but began after {}; only shut_down was possible", said(history[*open]), why),
      {*closed, *open});
}

Verdict check_tasks(const History& history, std::uint64_t most_steps) {
  if (auto order = check_shutdown_order(history); !order.holds()) return order;
  const auto steps_for = [most_steps](std::size_t calls) {
    constexpr std::uint64_t steps_a_call = 16;
    return most_steps + steps_a_call * calls;
  };
  LinearizationSearch<TaskModel> search;
  const auto decide = [&](std::span<const Operation> operations) {
    if (agree_one_by_one(operations)) return Judgement::linearizable;
    return search.run(operations, {}, steps_for(operations.size()));
  };
  const TaskParts parts{history};
  Verdict verdict;
  Excerpt excerpt;
  std::size_t from = 0;
  for (auto part = parts.part_from(0); !part.empty(); part = parts.part_from(from)) {
    from += part.size();
    parts.collect(part, false, excerpt);
    auto judgement = decide(excerpt.operations);
    // Takes that never returned only make more possible, so they matter only if a part is violated.
    if (judgement != Judgement::linearizable && parts.has_open_takes()) {
      parts.collect(part, true, excerpt);
      judgement = decide(excerpt.operations);
    }
    const auto most = steps_for(excerpt.operations.size());
    if (judgement == Judgement::unknown) verdict = out_of_steps(excerpt.operations.size(), most);
    if (judgement != Judgement::violated) continue;
    auto left = shrinking_share * most;
    return explained_violation(std::move(excerpt), [&](std::span<const Operation> operations) {
      const auto shrunk = search.run(operations, {}, std::min(left, steps_for(operations.size())));
      left -= search.steps();
      return shrunk;
    });
  }
  return verdict;
}

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
