#include "harness/verify/checks/waiting_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "harness/verify/checks/coverage.hpp"
#include "harness/verify/checks/tasks.hpp"

namespace lockbench::verify {
namespace {

bool adds_a_task(const Operation& operation) {
  return operation.answer == Answer::added;
}
bool ends_a_task(const Operation& operation) {
  return operation.answer == Answer::ok &&
         (operation.call == Call::complete || operation.call == Call::cancel);
}
bool shuts_down(const Operation& operation) {
  return operation.call == Call::shutdown_drain || operation.call == Call::shutdown_discard;
}

/// The first call of a kind, in order of invocation.
std::optional<std::size_t> first_index(const History& history, auto&& is_meant) {
  const auto found = std::ranges::find_if(history, is_meant);
  if (found == history.end()) return std::nullopt;
  return static_cast<std::size_t>(found - history.begin());
}

/// Indices of adds of tasks that are certainly still queued (`ended` = false) or not ended yet.
struct Leftover {
  std::optional<std::size_t> queued;       ///< the add of one
  std::optional<std::size_t> outstanding;  ///< of one that nobody completed or cancelled
};
Leftover leftover(const History& history) {
  enum class State : std::uint8_t { queued, processing, ended };
  struct Known {
    State state;
    std::size_t add;
  };
  std::unordered_map<TaskId, Known> tasks;
  bool discarded = false;
  for (std::size_t i = 0; i < history.size(); ++i) {
    if (adds_a_task(history[i])) tasks[history[i].id] = {State::queued, i};
    discarded |= history[i].call == Call::shutdown_discard;
  }
  for (const auto& operation : history) {
    const auto task = tasks.find(operation.id);
    if (task == tasks.end()) continue;
    if (hands_out(operation) && task->second.state == State::queued) {
      task->second.state = State::processing;
    }
    const bool may_end = operation.call == Call::complete || operation.call == Call::cancel;
    if (ends_a_task(operation) || (may_end && operation.pending())) {
      task->second.state = State::ended;
    }
  }
  Leftover left;
  for (const auto& [id, task] : tasks) {
    if (task.state == State::ended) continue;
    if (task.state == State::queued && discarded) continue;
    if (!left.outstanding) left.outstanding = task.add;
    if (task.state == State::queued && !left.queued) left.queued = task.add;
  }
  return left;
}

}  // namespace

Verdict check_stuck(const History& history) {
  const auto taker =
      first_index(history, [](const Operation& o) { return o.pending() && o.call == Call::take; });
  const auto joiner =
      first_index(history, [](const Operation& o) { return o.pending() && o.call == Call::join; });
  const auto other = first_index(history, [](const Operation& o) {
    return o.pending() && o.call != Call::take && o.call != Call::join;
  });
  if (other) {
    return violation(
        "a call that never waits for a task did not return: whoever has what it needs "
        "does not let go",
        {*other});
  }
  const auto shutdown = first_index(history, shuts_down);
  const auto left = leftover(history);
  if (taker && shutdown && !left.queued) {
    return violation("a thread still waits for a task after the queue was shut down",
                     {*taker, *shutdown});
  }
  if (taker && left.queued) {
    return violation(
        "lost wake-up: a thread waits for a task and does not notice that one is queued",
        {*taker, *left.queued});
  }
  if (joiner && !left.outstanding) {
    const auto last_end = std::ranges::find_if(history.rbegin(), history.rend(), ends_a_task);
    std::vector<std::size_t> witnesses{*joiner};
    if (last_end != history.rend()) {
      witnesses.push_back(static_cast<std::size_t>(history.rend() - last_end) - 1);
    }
    return violation("join did not return although every task was completed or cancelled",
                     std::move(witnesses));
  }
  if (joiner && left.outstanding) {
    return violation("a task that was added can neither be taken nor ended, and join waits for it",
                     {*joiner, *left.outstanding});
  }
  if (taker) {
    return violation("a thread waits for a task, and nothing will ever end its wait", {*taker});
  }
  return {Judgement::unknown, "nothing moved for a while, yet every call has returned", {}};
}

Verdict check_deadlines(const History& history, std::chrono::nanoseconds lateness) {
  const auto grace = static_cast<Instant>(lateness.count());
  for (std::size_t i = 0; i < history.size(); ++i) {
    const auto& wait = history[i];
    if (wait.call != Call::take || wait.pending()) continue;
    if (wait.answer == Answer::timed_out && wait.returned < wait.deadline) {
      return violation(fmt::format("a wait ended as timed out {:.3f} ms before its deadline",
                                   static_cast<double>(wait.deadline - wait.returned) * 1e-6),
                       {i});
    }
    const auto due = std::max(wait.deadline, wait.invoked);
    if (wait.returned > due && wait.returned - due > grace) {
      return violation(fmt::format("a wait lasted {:.0f} ms beyond its deadline",
                                   static_cast<double>(wait.returned - due) * 1e-6),
                       {i});
    }
  }
  return {};
}

namespace {

/// From add to end, for each task: `removal` stands for its completion or cancellation here.
std::vector<Lifetime> lives(const History& history) {
  std::unordered_map<TaskId, Instant> ended;
  Instant discarded = never;
  for (const auto& operation : history) {
    if (operation.call == Call::shutdown_discard) {
      discarded = std::min(discarded, operation.invoked);
    }
    const bool may_end = operation.call == Call::complete || operation.call == Call::cancel;
    if (ends_a_task(operation) || (may_end && operation.pending())) {
      const auto [entry, is_new] = ended.try_emplace(operation.id, operation.invoked);
      if (!is_new) entry->second = std::min(entry->second, operation.invoked);
    }
  }
  std::vector<Lifetime> tasks;
  for (std::size_t i = 0; i < history.size(); ++i) {
    const auto& add = history[i];
    if (!adds_a_task(add)) continue;
    const auto end = ended.find(add.id);
    // A discard may have ended it, unless it was ended otherwise.
    tasks.push_back({.id = add.id,
                     .add = i,
                     .add_invoked = add.invoked,
                     .add_returned = add.returned,
                     .removal_invoked = end == ended.end() ? discarded : end->second});
  }
  return tasks;
}

}  // namespace

Verdict check_endings(const History& history) {
  std::optional<std::vector<Lifetime>> tasks;
  const auto shutdown = first_index(history, shuts_down);
  for (std::size_t i = 0; i < history.size(); ++i) {
    const auto& operation = history[i];
    if (operation.call == Call::take && operation.answer == Answer::shut_down &&
        (!shutdown || precedes(operation, history[*shutdown]))) {
      return violation("a wait ended as shut down before anyone had shut the queue down", {i});
    }
    if (operation.call != Call::join || operation.pending()) continue;
    if (!tasks) tasks = lives(history);
    const auto cover = smallest_cover(*tasks, {operation.invoked, operation.returned});
    if (cover.empty()) continue;
    std::vector<std::size_t> witnesses;
    for (const auto& task : cover) witnesses.push_back(task.add);
    witnesses.push_back(i);
    return violation(
        "join returned although at every moment of it some task was queued or processing",
        std::move(witnesses));
  }
  return {};
}

Verdict check_sizes(const History& history) {
  std::int64_t expected = 0;
  Instant latest = 0;
  bool countable = true;  // every call before has returned, with a known effect
  for (std::size_t i = 0; i < history.size(); ++i) {
    const auto& operation = history[i];
    const bool alone = countable && operation.invoked > latest &&
                       (i + 1 == history.size() || precedes(operation, history[i + 1]));
    if (operation.call == Call::size && alone && !operation.pending() &&
        static_cast<std::int64_t>(operation.size) != expected) {
      return violation(
          fmt::format("size is {} while no other call is under way and {} tasks are queued",
                      operation.size, expected),
          {i});
    }
    if (adds_a_task(operation)) ++expected;
    if (hands_out(operation)) --expected;
    if (operation.call == Call::cancel && operation.answer == Answer::ok) --expected;
    if (operation.pending() || operation.call == Call::shutdown_discard) countable = false;
    latest = std::max(latest, operation.returned);
  }
  return {};
}

}  // namespace lockbench::verify
