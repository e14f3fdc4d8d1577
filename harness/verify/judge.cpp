#include "harness/verify/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <unordered_set>

#include "harness/verify/checks/conservation.hpp"
#include "harness/verify/checks/empty_answers.hpp"
#include "harness/verify/checks/fifo_order.hpp"
#include "harness/verify/checks/priority_order.hpp"
#include "harness/verify/checks/producer_order.hpp"
#include "harness/verify/checks/queue_contract.hpp"
#include "harness/verify/checks/task_contract.hpp"
#include "harness/verify/checks/tie_order.hpp"
#include "harness/verify/checks/waiting_checks.hpp"
#include "harness/verify/search/window_calls.hpp"

namespace lockbench::verify {
namespace {

/// Far more than a machine adds that is busy with other things; in turn, if there are many threads.
std::chrono::milliseconds lateness_of(std::uint32_t threads) {
  constexpr std::chrono::milliseconds of_eight{1500};
  return of_eight * std::max(1U, threads / 8);
}

/// What the exhaustive search is let loose on. Of longer histories, most would be left undecided.
bool is_short(const History& history) {
  constexpr std::size_t most_calls = 64;
  return history.size() <= most_calls && count_ids(history) <= most_window_ids;
}

/// Verdicts in order; none is asked for after one that is violated, since what follows from a broken
/// history explains less.
class Bench {
public:
  template <class Decide>
  Bench& check(Check check, Decide&& decide) {
    if (violated_) return *this;
    verdicts_.push_back({check, decide()});
    violated_ = verdicts_.back().verdict.judgement == Judgement::violated;
    return *this;
  }
  [[nodiscard]] std::vector<Judged> verdicts() && { return std::move(verdicts_); }

private:
  std::vector<Judged> verdicts_;
  bool violated_ = false;
};

/// Some of a history's calls, in order of invocation, with their places in it.
struct View {
  History calls;
  std::vector<std::size_t> places;

  /// With the witnesses as indices of the whole history.
  [[nodiscard]] Verdict in_place(Verdict verdict) const {
    for (auto& witness : verdict.witnesses) witness = places.at(witness);
    std::ranges::sort(verdict.witnesses);
    return verdict;
  }
};

/// Who waits until a deadline looks once more after it: so a wait that timed out found nothing then,
/// and not only some time before.
View with_last_looks(const History& history) {
  View view{.calls = history, .places = {}};
  view.places.resize(history.size());
  std::iota(view.places.begin(), view.places.end(), std::size_t{0});
  const auto last_look = [&](std::size_t i) {
    const auto& call = history[i];
    if (call.answer != Answer::timed_out || call.deadline <= call.invoked) return call.invoked;
    return std::min(call.deadline, call.returned);
  };
  std::ranges::stable_sort(view.places, {}, last_look);
  for (std::size_t i = 0; i < history.size(); ++i) {
    view.calls[i] = history[view.places[i]];
    view.calls[i].invoked = last_look(view.places[i]);
  }
  return view;
}

/// Where a take is several steps, a task that it has in its hands may still be cancelled: then a later
/// one may have been handed out before that cancel, or none have been there. So tasks that are
/// cancelled say nothing about the order of the others.
View without_cancelled(const History& history) {
  std::unordered_set<TaskId> cancelled;
  for (const auto& operation : history) {
    if (operation.call == Call::cancel && operation.answer == Answer::ok) {
      cancelled.insert(operation.id);
    }
  }
  View view;
  for (std::size_t i = 0; i < history.size(); ++i) {
    const bool named = history[i].call == Call::add || history[i].call == Call::cancel;
    if (named && cancelled.contains(history[i].id)) continue;
    view.calls.push_back(history[i]);
    view.places.push_back(i);
  }
  return view;
}

Verdict check_payloads(const History& history) {
  for (std::size_t i = 0; i < history.size(); ++i) {
    if (!history[i].damaged) continue;
    Verdict verdict{Judgement::violated,
                    fmt::format("task {} came with a payload not its own", history[i].id),
                    {i}};
    const auto add = std::ranges::find_if(history, [&](const Operation& operation) {
      return operation.call == Call::add && operation.id == history[i].id;
    });
    if (add != history.end()) {
      verdict.witnesses.push_back(static_cast<std::size_t>(add - history.begin()));
      std::ranges::sort(verdict.witnesses);
    }
    return verdict;
  }
  return {};
}

void check_order(Bench& bench, const View& view, Ordering ordering) {
  const auto check = [&](auto decide) {
    bench.check(Check::order, [&] { return view.in_place(decide(view.calls)); });
  };
  switch (ordering) {
    case Ordering::priority_fifo:
      check(check_priority_order);
      check(check_tie_order);
      return;
    case Ordering::priority: check(check_priority_order); return;
    case Ordering::fifo: check(check_fifo_order); return;
    case Ordering::fifo_per_producer: check(check_producer_order); return;
    case Ordering::relaxed:
    case Ordering::none: return;
  }
}

}  // namespace

HistoryHeader header_of(const RoundOutcome& round, const StrategyTraits& traits) {
  return {.strategy = std::string(traits.name),
          .check = {},
          .ordering = traits.ordering,
          .consistency = traits.consistency,
          .distinct = round.distinct,
          .stuck = round.stuck,
          .capacity = round.capacity,
          .threads = round.threads,
          .seed = round.seed};
}

std::vector<Judged> decide(const RecordedHistory& recorded) {
  const auto& kind = recorded.header;
  const auto& history = recorded.history;
  const bool one_step = kind.consistency == Consistency::linearizable;
  Bench bench;
  if (kind.stuck) bench.check(Check::waiting, [&] { return check_stuck(history); });
  bench.check(Check::waiting, [&] { return check_deadlines(history, lateness_of(kind.threads)); });
  if (kind.distinct) {
    bench.check(Check::conservation, [&] { return check_conservation(history); })
        .check(Check::conservation, [&] { return check_payloads(history); })
        .check(Check::waiting, [&] { return check_endings(history); });
    check_order(bench, one_step ? with_last_looks(history) : without_cancelled(history),
                kind.ordering);
  }
  bench.check(Check::tasks, [&] { return check_tasks(history, most_search_steps); })
      .check(Check::sizes, [&] { return check_sizes(history); });
  if (is_short(history)) {
    const ContractRules rules{
        .ordering = kind.ordering, .capacity = kind.capacity, .single_steps = one_step};
    const auto view = with_last_looks(history);
    bench.check(Check::contract, [&] {
      return one_step ? view.in_place(check_contract(view.calls, rules, most_search_steps))
                      : check_contract(history, rules, most_search_steps);
    });
  }
  return std::move(bench).verdicts();
}

}  // namespace lockbench::verify
