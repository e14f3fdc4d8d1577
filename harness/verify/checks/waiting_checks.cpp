#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "harness/verify/checks/checks.hpp"
#include "harness/verify/checks/tasks.hpp"

namespace lockbench::verify {
namespace {

bool adds_a_task(const Operation& operation) {
  return operation.answer == Answer::added;
}
bool may_have_ended_a_task(const Operation& operation) {
  return is_any_of(operation.call, {Call::complete, Call::cancel}) &&
         is_any_of(operation.answer, {Answer::ok, Answer::none});
}
bool ends_a_task(const Operation& operation) {
  return may_have_ended_a_task(operation) && !operation.pending();
}

/// Returns the index of the first operation, in order of invocation, that `is_meant` accepts.
std::optional<std::size_t> first_index(const History& history, auto&& is_meant) {
  const auto found = std::ranges::find_if(history, is_meant);
  if (found == history.end()) return std::nullopt;
  return static_cast<std::size_t>(found - history.begin());
}

/// The adds, by index, of some task that is certainly left over.
struct Leftover {
  std::optional<std::size_t> queued;       ///< that nobody took
  std::optional<std::size_t> outstanding;  ///< that nobody completed or cancelled
};
Leftover leftover(const History& history) {
  struct Known {
    std::size_t add;
    bool taken = false;
    bool ended = false;
  };
  std::unordered_map<TaskId, Known> tasks;
  bool discarded = false;
  for (std::size_t i = 0; i < history.size(); ++i) {
    if (adds_a_task(history[i])) tasks[history[i].id] = {.add = i};
    discarded |= history[i].call == Call::shutdown_discard;
  }
  for (const auto& operation : history) {
    const auto task = tasks.find(operation.id);
    if (task == tasks.end()) continue;
    task->second.taken |= hands_out(operation);
    task->second.ended |= may_have_ended_a_task(operation);
  }
  Leftover left;
  for (const auto& [id, task] : tasks) {
    if (task.ended || (discarded && !task.taken)) continue;
    if (!left.outstanding) left.outstanding = task.add;
    if (!task.taken && !left.queued) left.queued = task.add;
  }
  return left;
}

}  // namespace

Verdict check_stuck(const History& history) {
  const auto first_pending = [&](auto&& is_meant) {
    return first_index(history, [&](const Operation& operation) {
      return operation.pending() && is_meant(operation.call);
    });
  };
  const auto taker = first_pending([](Call call) { return call == Call::take; });
  const auto joiner = first_pending([](Call call) { return call == Call::join; });
  const auto other =
      first_pending([](Call call) { return call != Call::take && call != Call::join; });
  if (other) {
    return violation(
        "a call that never waits for a task did not return: another thread keeps the lock that it "
        "needs",
        {*other});
  }
  const auto shutdown = first_index(history, is_shutdown);
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
  return undecided("nothing moved for a while, yet every call has returned");
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

/// Returns the life of each task from its add to its end: its `removal` is its completion or
/// cancellation here.
std::vector<Lifetime> lives(const History& history) {
  std::unordered_map<TaskId, Instant> ended;
  Instant discarded = never;
  for (const auto& operation : history) {
    if (operation.call == Call::shutdown_discard) {
      discarded = std::min(discarded, operation.invoked);
    }
    // The first such call counts, since the history is in order of invocation. If it never returned, a
    // discard before it may have ended the task instead.
    if (!may_have_ended_a_task(operation)) continue;
    const auto discards_before = operation.pending() ? discarded : never;
    ended.try_emplace(operation.id, std::min(operation.invoked, discards_before));
  }
  std::vector<Lifetime> tasks;
  for (std::size_t i = 0; i < history.size(); ++i) {
    const auto& add = history[i];
    if (!adds_a_task(add)) continue;
    const auto end = ended.find(add.id);
    // If nothing else has ended the task, a discard may have.
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
  const auto shutdown = first_index(history, is_shutdown);
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

}  // namespace lockbench::verify
