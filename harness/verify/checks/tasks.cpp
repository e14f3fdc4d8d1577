#include "harness/verify/checks/tasks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace lockbench::verify {
namespace {

class TaskReader {
public:
  explicit TaskReader(std::span<const Operation> history) : history_(history) {
    place_of_.reserve(history.size() / 2);
  }

  TaskRecord read() && {
    // All adds first: a task may be handed out by a call that began before its add did.
    for (std::size_t i = 0; i < history_.size() && !record_.flaw; ++i) read_arrival(i);
    for (std::size_t i = 0; i < history_.size() && !record_.flaw; ++i) read_departure(i);
    if (discard_ && !record_.flaw) discard_the_rest();
    return std::move(record_);
  }

private:
  void read_arrival(std::size_t index) {
    const Operation& operation = history_[index];
    switch (operation.call) {
      case Call::add:
        if (may_add(operation)) add(index);
        break;
      case Call::try_take:
      case Call::take:
        if (finds_nothing(operation)) record_.empty_answers.push_back(index);
        if (operation.pending() && !record_.pending_take) record_.pending_take = index;
        break;
      case Call::shutdown_discard:
        if (!discard_) discard_ = index;
        [[fallthrough]];
      case Call::shutdown_drain:
        if (!closed_ || operation.returned < history_[*closed_].returned) closed_ = index;
        break;
      default: break;
    }
  }

  void add(std::size_t index) {
    const Operation& operation = history_[index];
    const auto [place, is_new] = place_of_.try_emplace(operation.id, record_.lifetimes.size());
    if (!is_new) {
      const std::size_t earlier = record_.lifetimes[place->second].add;
      record_.flaw = undecided(fmt::format("task {} was added more than once", operation.id),
                               {earlier, index});
      return;
    }
    if (closed_ && !operation.pending() && precedes(history_[*closed_], operation)) {
      record_.flaw =
          violation(fmt::format("task {} was added after a shutdown had returned", operation.id),
                    {*closed_, index});
      return;
    }
    record_.lifetimes.push_back({.id = operation.id,
                                 .add = index,
                                 .add_invoked = operation.invoked,
                                 .add_returned = operation.returned,
                                 .priority = operation.priority,
                                 .producer = operation.thread});
  }

  void read_departure(std::size_t index) {
    const Operation& operation = history_[index];
    if (hands_out(operation)) hand_out(index);
    if (operation.call != Call::cancel) return;
    if (operation.answer == Answer::ok) {
      if (Lifetime* task = departing(index, "cancelled")) leave(*task, index, Departure::cancelled);
    }
    if (operation.pending()) perhaps_cancel(index);
  }

  void hand_out(std::size_t index) {
    const Operation& take = history_[index];
    if (Lifetime* task = departing(index, "handed out")) {
      if (task->priority != take.priority) {
        record_.flaw =
            violation(fmt::format("task {} was added with priority {} and handed out with {}",
                                  task->id, task->priority, take.priority),
                      {task->add, index});
      } else if (discard_ && precedes(history_[*discard_], take)) {
        record_.flaw =
            violation(fmt::format("task {} was handed out after a discard had returned", task->id),
                      {task->add, *discard_, index});
      }
      leave(*task, index, Departure::taken);
    }
  }

  void perhaps_cancel(std::size_t index) {
    const auto place = place_of_.find(history_[index].id);
    if (place == place_of_.end()) return;
    Lifetime& task = record_.lifetimes[place->second];
    if (task.departure == Departure::none) leave(task, index, Departure::possible);
  }

  /// Returns the task of this id, or null.
  Lifetime* added(TaskId id) {
    const auto place = place_of_.find(id);
    return place == place_of_.end() ? nullptr : &record_.lifetimes[place->second];
  }

  /// Returns the task that leaves by an operation. Notes a flaw and returns null if it cannot have left
  /// by that.
  Lifetime* departing(std::size_t index, std::string_view how) {
    const Operation& operation = history_[index];
    Lifetime* const task = added(operation.id);
    if (task == nullptr) {
      record_.flaw =
          violation(fmt::format("task {} was {} and never added", operation.id, how), {index});
      return nullptr;
    }
    if (task->departure == Departure::taken || task->departure == Departure::cancelled) {
      const auto* const before = task->taken() ? "handed out" : "cancelled";
      record_.flaw =
          violation(before == how ? fmt::format("task {} was {} twice", task->id, how)
                                  : fmt::format("task {} was cancelled and handed out", task->id),
                    {task->add, task->removal, index});
      return nullptr;
    }
    if (operation.returned < task->add_invoked) {
      record_.flaw = violation(fmt::format("task {} was {} before its add began", task->id, how),
                               {task->add, index});
      return nullptr;
    }
    return task;
  }

  void leave(Lifetime& task, std::size_t index, Departure departure) {
    const Operation& operation = history_[index];
    task.departure = departure;
    task.removal = index;
    task.removal_invoked = std::max(operation.invoked, task.add_invoked);
    task.removal_returned = operation.returned;
  }

  void discard_the_rest() {
    for (Lifetime& task : record_.lifetimes) {
      // If a pending cancel may have removed it, but began later, the discard may have done so earlier.
      if (task.departure == Departure::none ||
          (task.departure == Departure::possible &&
           task.removal_invoked > history_[*discard_].invoked)) {
        leave(task, *discard_, Departure::possible);
      }
    }
  }

  std::span<const Operation> history_;
  TaskRecord record_;
  std::unordered_map<TaskId, std::size_t> place_of_;  // in record_.lifetimes
  std::optional<std::size_t> discard_;                // the first discard to begin
  std::optional<std::size_t> closed_;                 // the first shutdown to return
};

}  // namespace

TaskRecord read_tasks(std::span<const Operation> history) {
  return TaskReader(history).read();
}

std::vector<Lifetime> possibly_taken(const TaskRecord& record, std::span<const Operation> history) {
  std::vector<Lifetime> lifetimes = record.lifetimes;
  if (!record.pending_take) return lifetimes;
  for (Lifetime& task : lifetimes) {
    if (task.departure == Departure::taken || task.departure == Departure::cancelled) continue;
    const Instant from = std::max(history[*record.pending_take].invoked, task.add_invoked);
    if (from >= task.removal_invoked) continue;
    task.departure = Departure::possible;
    task.removal = *record.pending_take;
    task.removal_invoked = from;
    task.removal_returned = never;
  }
  return lifetimes;
}

std::string departure_text(const Lifetime& task) {
  switch (task.departure) {
    case Departure::none: return "never left";
    case Departure::possible:
      return fmt::format("cannot have left before {} ns", task.removal_invoked);
    case Departure::taken:
      return fmt::format("was taken no earlier than {} ns", task.removal_invoked);
    case Departure::cancelled:
      return fmt::format("was cancelled no earlier than {} ns", task.removal_invoked);
  }
  return {};
}

void CoveredTime::add(const Lifetime& task) {
  if (!task.has_inner_segment()) return;
  Instant start = task.add_returned;
  Instant end = task.removal_invoked;
  // The interval before may reach into the new one; those that start within it do.
  auto next = end_by_start_.lower_bound(start);
  if (next != end_by_start_.begin() && std::prev(next)->second > start) --next;
  while (next != end_by_start_.end() && next->first < end) {
    start = std::min(start, next->first);
    end = std::max(end, next->second);
    next = end_by_start_.erase(next);
  }
  end_by_start_.emplace_hint(next, start, end);
}

bool CoveredTime::covers(Interval interval) const {
  const auto after = end_by_start_.lower_bound(interval.from);
  return after != end_by_start_.begin() && std::prev(after)->second > interval.to;
}

std::vector<Lifetime> smallest_cover(std::vector<Lifetime> tasks, Interval interval) {
  std::ranges::sort(tasks, {}, &Lifetime::add_returned);
  std::vector<Lifetime> cover;
  auto next = tasks.begin();
  Instant uncovered = interval.from;  // the first instant that no task of `cover` covers
  while (cover.empty() || uncovered <= interval.to) {
    // Among the segments that contain that instant, take the one that reaches furthest.
    const auto started = std::ranges::find_if(
        next, tasks.end(), [&](const Lifetime& task) { return task.add_returned >= uncovered; });
    const auto furthest = std::ranges::max_element(next, started, {}, &Lifetime::removal_invoked);
    if (furthest == started || furthest->removal_invoked <= uncovered) return {};
    cover.push_back(*furthest);
    uncovered = furthest->removal_invoked;
    next = started;
  }
  return cover;
}

std::string cover_text(std::span<const Lifetime> cover) {
  constexpr std::size_t most = 4;
  std::string text;
  for (const Lifetime& task : cover.first(std::min(most, cover.size()))) {
    if (!text.empty()) text += ", ";
    text += fmt::format("task {} (priority {}) was there from {} ns on and {}", task.id,
                        task.priority, task.add_returned, departure_text(task));
  }
  if (cover.size() > most) text += fmt::format(", and so on with {} more", cover.size() - most);
  return text;
}

}  // namespace lockbench::verify
