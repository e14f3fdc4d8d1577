#include "harness/verify/verify.hpp"

#include <algorithm>
#include <chrono>
#include <unordered_set>
#include <utility>

#include "harness/verify/checks/checks.hpp"
#include "harness/verify/search/excerpt.hpp"

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
  constexpr std::size_t most_searched = 64;
  return history.size() <= most_searched && ids_of(history).size() <= most_window_ids;
}

/// Returns the verdict on some of a history's calls with the witnesses as indices of the whole.
Verdict in_place(const Excerpt& view, Verdict verdict) {
  for (auto& witness : verdict.witnesses) witness = view.origins.at(witness);
  std::ranges::sort(verdict.witnesses);
  return verdict;
}

/// Lets takes that timed out begin at their deadline: they looked once more then, so they found nothing
/// at that time, and not only at some time before.
Excerpt with_last_looks(const History& history) {
  Excerpt view;
  for (std::size_t i = 0; i < history.size(); ++i) {
    auto call = history[i];
    if (call.answer == Answer::timed_out && call.deadline > call.invoked) {
      call.invoked = std::min(call.deadline, call.returned);
    }
    view.push_back(call, i);
  }
  return sorted_by(view, [&](std::size_t at) { return view.operations[at].invoked; });
}

/// Leaves out tasks that were cancelled. If a take is several steps, the task that it is about to return
/// may still be cancelled; meanwhile later tasks may have been handed out, or takes have found nothing.
/// So a cancelled task says nothing about the order of the others.
Excerpt without_cancelled(const History& history) {
  std::unordered_set<TaskId> cancelled;
  for (const auto& operation : history) {
    if (operation.call == Call::cancel && operation.answer == Answer::ok) {
      cancelled.insert(operation.id);
    }
  }
  Excerpt view;
  for (std::size_t i = 0; i < history.size(); ++i) {
    const bool named = history[i].call == Call::add || history[i].call == Call::cancel;
    if (named && cancelled.contains(history[i].id)) continue;
    view.push_back(history[i], i);
  }
  return view;
}

/// Passes each check of the order of distinct tasks to `check_it`, which is told what is checked and how
/// to decide it.
void check_order(const Excerpt& view, Ordering ordering, auto&& check_it) {
  const auto check = [&](auto decide) {
    check_it(Check::order, [&] { return in_place(view, decide(view.operations)); });
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

/// Whether a history in which `check_contract` finds an order has nothing that `check` could find.
bool follows_from_contract(Check check, const ContractRules& rules) {
  if (check == Check::conservation || check == Check::tasks) return true;
  // The search does not know the order of producers, nor any order where calls take several steps.
  return check == Check::order && rules.single_steps &&
         rules.ordering != Ordering::fifo_per_producer;
}

/// If the contract was decided, and holds, so do the checks that look at less and could not decide.
void settle_by_contract(std::vector<CheckVerdict>& verdicts, const ContractRules& rules) {
  const auto& last = verdicts.back();
  if (last.check != Check::contract || !last.verdict.holds()) return;
  for (auto& [check, verdict] : verdicts) {
    const bool is_open = verdict.judgement == Judgement::unknown;
    if (is_open && follows_from_contract(check, rules)) verdict = {};
  }
}

}  // namespace

std::vector<CheckVerdict> decide(const RecordedHistory& recorded) {
  const auto& header = recorded.header;
  const auto& history = recorded.history;
  const bool one_step = header.consistency == Consistency::linearizable;
  std::vector<CheckVerdict> verdicts;
  // Nothing is checked after a violation.
  const auto check = [&](Check name, auto&& decided) {
    if (!verdicts.empty() && verdicts.back().verdict.judgement == Judgement::violated) return;
    verdicts.push_back({name, decided()});
  };
  if (header.stuck) check(Check::waiting, [&] { return check_stuck(history); });
  check(Check::waiting, [&] { return check_deadlines(history, lateness_of(header.threads)); });
  if (!header.beats.empty()) {
    check(Check::waiting, [&] { return check_wake_ups(history, header.beats); });
  }
  if (header.distinct) {
    check(Check::conservation, [&] { return check_conservation(history); });
    check(Check::waiting, [&] { return check_endings(history); });
    check_order(one_step ? with_last_looks(history) : without_cancelled(history), header.ordering,
                check);
  } else if (header.ordering != Ordering::relaxed && header.ordering != Ordering::none) {
    check(Check::order, [&] {
      if (!one_step) return check_reused_order(history, header.ordering, one_step);
      const auto view = with_last_looks(history);
      return in_place(view, check_reused_order(view.operations, header.ordering, one_step));
    });
  }
  check(Check::tasks, [&] { return check_tasks(history, most_search_steps); });
  check(Check::conservation, [&] { return check_payloads(history); });
  check(Check::sizes, [&] { return check_sizes(history, one_step); });
  check(Check::sizes, [&] { return check_capacity(history, header.capacity, one_step); });
  const ContractRules rules{
      .ordering = header.ordering, .capacity = header.capacity, .single_steps = one_step};
  if (is_short(history)) {
    check(Check::contract, [&] {
      if (!one_step) return check_contract(history, rules, most_search_steps);
      const auto view = with_last_looks(history);
      return in_place(view, check_contract(view.operations, rules, most_search_steps));
    });
  }
  settle_by_contract(verdicts, rules);
  return verdicts;
}

}  // namespace lockbench::verify
