#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <iterator>
#include <unordered_map>
#include <utility>
#include <vector>

#include "harness/verify/checks/checks.hpp"
#include "harness/verify/checks/tasks.hpp"

namespace lockbench::verify {
namespace {

using Lifetimes = std::span<const Lifetime>;

// --- overtaking: two tasks that left in the wrong order ------------------------------------------

/// `first` was added before `overtaker` was, which was taken before `first` left.
[[nodiscard]] Verdict overtaken(const Lifetime& first, const Lifetime& overtaker) {
  return violation(
      fmt::format(
          "task {} was taken by {} ns, ahead of task {}, which {}, although the add of task {} had "
          "returned at {} ns and that of task {} began at {} ns",
          overtaker.id, overtaker.removal_returned, first.id, departure_text(first), first.id,
          first.add_returned, overtaker.id, overtaker.add_invoked),
      seen({first.add, overtaker.add, overtaker.removal, first.removal}));
}

[[nodiscard]] bool stays_longer(const Lifetime& task, const Lifetime* other) {
  return other == nullptr || task.removal_invoked > other->removal_invoked;
}
[[nodiscard]] bool overtakes(const Lifetime& task, const Lifetime* longest) {
  return longest != nullptr && task.taken() && task.removal_returned < longest->removal_invoked;
}

/// Finds a task that was added wholly before another and left wholly after that one was taken.
/// `tasks` are ordered by `add_invoked`. O(n log n).
[[nodiscard]] Verdict find_overtaking(Lifetimes tasks) {
  auto by_return = pointers_to(tasks);
  std::ranges::sort(by_return, {}, &Lifetime::add_returned);
  // Among the tasks whose adds have returned when the next add begins, the one that stays longest is
  // overtaken if any is.
  const Lifetime* longest = nullptr;
  auto next = by_return.begin();
  for (const Lifetime& task : tasks) {
    for (; next != by_return.end() && (*next)->add_returned < task.add_invoked; ++next) {
      if (stays_longer(**next, longest)) longest = *next;
    }
    if (overtakes(task, longest)) return overtaken(*longest, task);
  }
  return {};
}

[[nodiscard]] Verdict find_overtaking_of_producers(Lifetimes tasks) {
  // By producer: the task so far that stays longest, which is the first to be overtaken.
  std::unordered_map<std::uint16_t, const Lifetime*> longest_of;
  for (const Lifetime& task : tasks) {
    const Lifetime*& longest = longest_of[task.producer];
    if (overtakes(task, longest)) return overtaken(*longest, task);
    if (task.add_returned != never && stays_longer(task, longest)) longest = &task;
  }
  return {};
}

[[nodiscard]] Verdict find_overtaking_among_ties(Lifetimes tasks) {
  std::vector<Lifetime> ordered(tasks.begin(), tasks.end());
  // Stable, so that the tasks of a priority stay in order of their adds.
  std::ranges::stable_sort(ordered, {}, &Lifetime::priority);
  Verdict verdict;
  for_each_priority(ordered, [&](Lifetimes peers) {
    if (verdict.holds()) verdict = find_overtaking(peers);
  });
  return verdict;
}

// --- coverage: times at which a better task certainly was queued ----------------------------------

/// A call that left no instant for its effect, and the tasks that covered all of its interval.
[[nodiscard]] Verdict covered(std::string call, Interval interval, const char* kind_of_task,
                              std::vector<Lifetime> tasks, std::vector<std::size_t> witnesses) {
  const auto cover = smallest_cover(std::move(tasks), interval);
  for (const Lifetime& task : cover) witnesses.insert(witnesses.end(), {task.add, task.removal});
  return violation(
      fmt::format("{} between {} ns and {} ns, although there was a task {}at every instant of it: "
                  "{}",
                  call, interval.from, interval.to, kind_of_task, cover_text(cover)),
      seen(std::move(witnesses)));
}

/// Judges the empty answers, given the time at which there certainly was a task. Explains the violation
/// with the shortest interval, which needs the fewest tasks.
[[nodiscard]] Verdict judge_empty_answers(std::span<const Operation> history,
                                          const TaskRecord& record, Lifetimes tasks,
                                          const CoveredTime& time_with_tasks) {
  std::size_t worst = not_seen;
  Interval shortest;
  for (const std::size_t index : record.empty_answers) {
    const Interval interval{history[index].invoked, history[index].returned};
    if (!time_with_tasks.covers(interval)) continue;
    if (worst != not_seen && interval.length() >= shortest.length()) continue;
    worst = index;
    shortest = interval;
  }
  if (worst == not_seen) return {};
  return covered("a take found nothing", shortest, "", {tasks.begin(), tasks.end()}, {worst});
}

[[nodiscard]] Interval take_interval(const Lifetime& task) {
  return {task.removal_invoked, task.removal_returned};
}

[[nodiscard]] Verdict taken_too_early(const Lifetime& task, Lifetimes tasks) {
  std::vector<Lifetime> higher;
  std::ranges::copy_if(tasks, std::back_inserter(higher),
                       [&](const Lifetime& other) { return other.priority > task.priority; });
  return covered(fmt::format("task {} (priority {}) was taken", task.id, task.priority),
                 take_interval(task), "of higher priority ", std::move(higher),
                 {task.add, task.removal});
}

// --- the checks, of tasks that have been read ------------------------------------------------------

[[nodiscard]] Verdict judge_fifo_order(std::span<const Operation> history,
                                       const TaskRecord& record) {
  return judge(record, history, [&](Lifetimes tasks) {
    auto overtaking = find_overtaking(tasks);
    return overtaking.holds() ? judge_empty_answers(history, record, tasks, CoveredTime(tasks))
                              : overtaking;
  });
}

[[nodiscard]] Verdict judge_priority_order(std::span<const Operation> history,
                                           const TaskRecord& record) {
  return judge(record, history, [&](Lifetimes tasks) {
    auto ordered = pointers_to(tasks);
    std::ranges::stable_sort(ordered, std::ranges::greater{}, &Lifetime::priority);
    CoveredTime higher;  // by the tasks of higher priority
    // The task that was taken too early within the shortest interval, which needs the fewest others to
    // be explained.
    const Lifetime* worst = nullptr;
    for_each_priority(ordered, [&](auto peers) {
      for (const Lifetime* task : peers) {
        const auto interval = take_interval(*task);
        if (!task->taken() || !higher.covers(interval)) continue;
        if (worst == nullptr || interval.length() < take_interval(*worst).length()) worst = task;
      }
      for (const Lifetime* task : peers) higher.add(*task);
    });
    return worst != nullptr ? taken_too_early(*worst, tasks)
                            : judge_empty_answers(history, record, tasks, higher);
  });
}

}  // namespace

Verdict check_fifo_order(std::span<const Operation> history) {
  return judge_fifo_order(history, read_tasks(history));
}

Verdict check_priority_order(std::span<const Operation> history) {
  return judge_priority_order(history, read_tasks(history));
}

Verdict check_tie_order(std::span<const Operation> history) {
  return judge(read_tasks(history), history, find_overtaking_among_ties);
}

Verdict check_producer_order(std::span<const Operation> history) {
  return judge(read_tasks(history), history, find_overtaking_of_producers);
}

Verdict check_empty_answers(std::span<const Operation> history) {
  const TaskRecord record = read_tasks(history);
  return judge(record, history, [&](Lifetimes tasks) {
    return judge_empty_answers(history, record, tasks, CoveredTime(tasks));
  });
}

Verdict check_reused_order(std::span<const Operation> history, Ordering ordering,
                           bool single_steps) {
  auto record = read_reused(history);
  if (!single_steps) {
    std::erase_if(record.lifetimes,
                  [](const Lifetime& task) { return task.departure == Departure::cancelled; });
  }
  switch (ordering) {
    case Ordering::priority_fifo: {
      auto verdict = judge_priority_order(history, record);
      return verdict.holds() ? judge(record, history, find_overtaking_among_ties) : verdict;
    }
    case Ordering::priority: return judge_priority_order(history, record);
    case Ordering::fifo: return judge_fifo_order(history, record);
    case Ordering::fifo_per_producer: return judge(record, history, find_overtaking_of_producers);
    case Ordering::relaxed:
    case Ordering::none: return {};
  }
  return {};
}

}  // namespace lockbench::verify
