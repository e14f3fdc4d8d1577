#include "harness/verify/verify.hpp"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <unordered_set>
#include <utility>

#include "harness/verify/checks/conservation.hpp"
#include "harness/verify/checks/contract.hpp"
#include "harness/verify/checks/order.hpp"
#include "harness/verify/checks/waiting_checks.hpp"
#include "harness/verify/history/history_names.hpp"

namespace lockbench::verify {
namespace {

/// A search takes some milliseconds for so many steps.
constexpr std::uint64_t most_search_steps = 2'000'000;

/// Far more than a busy machine adds to a wait, and more if there are many threads to run in turn.
std::chrono::milliseconds lateness_of(std::uint32_t threads) {
  constexpr std::chrono::milliseconds of_eight{1500};
  return of_eight * std::max(1U, threads / 8);
}

/// Whether the history is searched exhaustively: most longer ones would be left undecided.
bool is_short(const History& history) {
  constexpr std::size_t most_calls = 64;
  return history.size() <= most_calls && ids_of(history).size() <= most_window_ids;
}

/// The verdicts so far. Nothing is checked after a violation.
class Verdicts {
public:
  template <class Decide>
  Verdicts& check(Check check, Decide&& decide) {
    if (violated_) return *this;
    verdicts_.push_back({check, decide()});
    violated_ = verdicts_.back().verdict.judgement == Judgement::violated;
    return *this;
  }
  [[nodiscard]] std::vector<CheckVerdict> all() && { return std::move(verdicts_); }

private:
  std::vector<CheckVerdict> verdicts_;
  bool violated_ = false;
};

/// Some of a history's calls, in order of invocation, with their places in it.
struct View {
  History calls;
  std::vector<std::size_t> places;

  /// Returns the verdict with the witnesses as indices of the whole history.
  [[nodiscard]] Verdict in_place(Verdict verdict) const {
    for (auto& witness : verdict.witnesses) witness = places.at(witness);
    std::ranges::sort(verdict.witnesses);
    return verdict;
  }
};

/// Lets takes that timed out begin at their deadline: they looked once more then, so they found nothing
/// at that time, and not only at some time before.
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

/// Leaves out tasks that were cancelled. If a take is several steps, the task that it is about to return
/// may still be cancelled; meanwhile later tasks may have been handed out, or takes have found nothing.
/// So a cancelled task says nothing about the order of the others.
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

void check_order(Verdicts& verdicts, const View& view, Ordering ordering) {
  const auto check = [&](auto decide) {
    verdicts.check(Check::order, [&] { return view.in_place(decide(view.calls)); });
  };
  switch (ordering) {
    case Ordering::priority_fifo:
      check(check_priority_order);
      check(check_tie_order);
      return;
    case Ordering::priority: return check(check_priority_order);
    case Ordering::fifo: return check(check_fifo_order);
    case Ordering::fifo_per_producer: return check(check_producer_order);
    case Ordering::relaxed:
    case Ordering::none: return;
  }
}

}  // namespace

std::vector<CheckVerdict> decide(const RecordedHistory& recorded) {
  const auto& header = recorded.header;
  const auto& history = recorded.history;
  const bool one_step = header.consistency == Consistency::linearizable;
  Verdicts verdicts;
  if (header.stuck) verdicts.check(Check::waiting, [&] { return check_stuck(history); });
  verdicts.check(Check::waiting,
                 [&] { return check_deadlines(history, lateness_of(header.threads)); });
  if (header.distinct) {
    verdicts.check(Check::conservation, [&] { return check_conservation(history); })
        .check(Check::conservation, [&] { return check_payloads(history); })
        .check(Check::waiting, [&] { return check_endings(history); });
    check_order(verdicts, one_step ? with_last_looks(history) : without_cancelled(history),
                header.ordering);
  }
  verdicts.check(Check::tasks, [&] { return check_tasks(history, most_search_steps); })
      .check(Check::sizes, [&] { return check_sizes(history); });
  if (is_short(history)) {
    const ContractRules rules{
        .ordering = header.ordering, .capacity = header.capacity, .single_steps = one_step};
    verdicts.check(Check::contract, [&] {
      if (!one_step) return check_contract(history, rules, most_search_steps);
      const auto view = with_last_looks(history);
      return view.in_place(check_contract(view.calls, rules, most_search_steps));
    });
  }
  return std::move(verdicts).all();
}

}  // namespace lockbench::verify
