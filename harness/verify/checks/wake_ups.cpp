#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "harness/verify/checks/checks.hpp"
#include "harness/verify/checks/tasks.hpp"

namespace lockbench::verify {
namespace {

/// A time in which no call may wait, and the call from which on that is so, if there is one.
struct Stretch {
  Instant from = 0;
  Instant to = never;
  std::size_t since = not_seen;
};

/// Decides whether a thread waited for too long.
class Beats {
public:
  explicit Beats(std::span<const Instant> times) : times_(times) {}

  [[nodiscard]] bool too_many(Instant from, Instant to) const {
    if (from >= to) return false;
    const auto first = std::ranges::upper_bound(times_, from);
    const auto last = std::ranges::lower_bound(times_, to);
    return last - first >= static_cast<std::ptrdiff_t>(late_beats);
  }
  /// Leaves out stretches in which nobody can have waited for too long: most of them.
  void keep_long(std::vector<Stretch>& stretches) const {
    std::erase_if(stretches, [&](const Stretch& s) { return !too_many(s.from, s.to); });
  }

private:
  std::span<const Instant> times_;
};

/// The time from when the queue certainly was shut down and no earlier add was under way any more.
std::optional<Stretch> closed_time(const History& history) {
  std::optional<Stretch> closed;
  for (std::size_t i = 0; i < history.size(); ++i) {
    if (!is_shutdown(history[i]) || history[i].pending()) continue;
    if (!closed || history[i].returned < closed->from) {
      closed = {.from = history[i].returned, .since = i};
    }
  }
  if (!closed) return std::nullopt;
  const auto shut_down = closed->from;
  for (const auto& operation : history) {
    if (operation.call != Call::add || operation.invoked > shut_down) continue;
    closed->from = std::max(closed->from, operation.returned);
  }
  return closed;
}

/// The times in which some task certainly was queued, one for each task.
std::vector<Stretch> queued_times(const TaskRecord& record) {
  std::vector<Stretch> times;
  for (const auto& task : record.lifetimes) {
    times.push_back({.from = task.add_returned, .to = task.removal_invoked, .since = task.add});
  }
  return times;
}

/// The call by which each task certainly had ended, by id, for those that had.
std::unordered_map<TaskId, std::size_t> ends_of_tasks(const History& history) {
  std::unordered_map<TaskId, std::size_t> ends;
  std::unordered_set<TaskId> taken;
  std::optional<std::size_t> discard;
  for (std::size_t i = 0; i < history.size(); ++i) {
    const auto& operation = history[i];
    if (hands_out(operation)) taken.insert(operation.id);
    if (operation.answer == Answer::ok &&
        is_any_of(operation.call, {Call::complete, Call::cancel})) {
      ends.try_emplace(operation.id, i);
    }
    if (operation.call == Call::shutdown_discard && !operation.pending() && !discard) discard = i;
  }
  if (!discard) return ends;
  for (const auto& operation : history) {
    if (operation.answer != Answer::added || taken.contains(operation.id)) continue;
    ends.try_emplace(operation.id, *discard);
  }
  return ends;
}

/// The times in which certainly no task was queued or processing.
std::vector<Stretch> idle_times(const History& history) {
  const auto ends = ends_of_tasks(history);
  std::vector<Stretch> times;
  Stretch next{};
  for (const auto& operation : history) {
    if (operation.call != Call::add ||
        !is_any_of(operation.answer, {Answer::added, Answer::none})) {
      continue;
    }
    if (next.from < operation.invoked) {
      times.push_back(next);
      times.back().to = operation.invoked;
    }
    const auto end = ends.find(operation.id);
    if (end == ends.end() || operation.pending()) return times;  // it is there until the end
    const auto ended = history[end->second].returned;
    if (ended >= next.from) next = {.from = ended, .since = end->second};
  }
  times.push_back(next);
  return times;
}

Verdict late(std::string_view what, Stretch waited, std::vector<std::size_t> witnesses) {
  return violation(
      fmt::format("{} for {:.0f} ms, though each CPU had time to spare: nobody woke the thread",
                  what, static_cast<double>(waited.to - waited.from) * 1e-6),
      seen(std::move(witnesses)));
}

/// The part of a stretch in which a call was under way.
Stretch meanwhile(const Operation& call, const Stretch& stretch) {
  return {.from = std::max(call.invoked, stretch.from),
          .to = std::min(call.returned, stretch.to),
          .since = stretch.since};
}

}  // namespace

Verdict check_wake_ups(const History& history, std::span<const Instant> times) {
  const Beats beats(times);
  const auto record = read_tasks(history);
  if (record.flaw) return {};
  auto queued = queued_times(record);
  std::unordered_map<TaskId, Stretch> queued_by_id;
  for (const auto& task : queued) queued_by_id.emplace(history[task.since].id, task);
  beats.keep_long(queued);
  auto idle = idle_times(history);
  beats.keep_long(idle);
  const auto closed = closed_time(history);

  for (std::size_t i = 0; i < history.size(); ++i) {
    const auto& call = history[i];
    if (call.pending()) continue;
    const auto is_late = [&](const Stretch& stretch) {
      const auto waited = meanwhile(call, stretch);
      return beats.too_many(waited.from, waited.to);
    };
    if (call.call == Call::join) {
      const auto found = std::ranges::find_if(idle, is_late);
      if (found == idle.end()) continue;
      return late("join went on after every task had ended", meanwhile(call, *found),
                  {found->since, i});
    }
    if (call.call != Call::take) continue;
    const Stretch overdue{.from = call.deadline};
    if (is_late(overdue)) {
      return late("a wait went on after its deadline", meanwhile(call, overdue), {i});
    }
    if (closed && is_late(*closed)) {
      return late("a wait for a task went on after the queue was shut down",
                  meanwhile(call, *closed), {closed->since, i});
    }
    auto beside = std::ranges::find_if(queued, is_late);
    std::optional<Stretch> lay;
    if (beside != queued.end()) lay = *beside;
    // The task that it was handed in the end was there for it all the time.
    if (const auto own = queued_by_id.find(call.id); hands_out(call) && own != queued_by_id.end()) {
      const Stretch until_it_returned{.from = own->second.from, .since = own->second.since};
      if (is_late(until_it_returned)) lay = until_it_returned;
    }
    if (lay) {
      return late("a wait for a task went on beside a queued one", meanwhile(call, *lay),
                  {lay->since, i});
    }
  }
  return {};
}

}  // namespace lockbench::verify
