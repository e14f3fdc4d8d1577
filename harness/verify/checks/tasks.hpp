#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/verify/history/history.hpp"
#include "harness/verify/verdict.hpp"

namespace lockbench::verify {

/// Stands for the index of an operation that the history does not have.
inline constexpr std::size_t not_seen = std::numeric_limits<std::size_t>::max();

/// How a task left the queue, as far as the history shows.
enum class Departure : std::uint8_t {
  none,       ///< it did not leave
  possible,   ///< by a discard, or by a call that never returned
  taken,      ///< handed out by a call that returned
  cancelled,  ///< by a `cancel` that said `ok`
};

/// When a task entered and left the queue, as far as the history shows.
///
/// It entered at some time from `add_invoked` to `add_returned`, and left at some time from
/// `removal_invoked` to `removal_returned`. In the open interval from `add_returned` to
/// `removal_invoked`, its inner segment, it certainly was queued.
struct Lifetime {
  TaskId id = 0;
  std::size_t add = not_seen;      ///< index of its add
  std::size_t removal = not_seen;  ///< index of the call by which it left, or may have left
  Instant add_invoked = 0;
  Instant add_returned = never;      ///< also `never` if that call did not return
  Instant removal_invoked = never;   ///< not before `add_invoked`; `never` if it stays
  Instant removal_returned = never;  ///< also `never` if that call did not return
  std::int32_t priority = 0;         ///< as added
  std::uint16_t producer = 0;        ///< the thread that added it
  Departure departure = Departure::none;

  [[nodiscard]] bool taken() const noexcept { return departure == Departure::taken; }
  [[nodiscard]] bool has_inner_segment() const noexcept { return add_returned < removal_invoked; }
};

/// The tasks of a history.
struct TaskRecord {
  /// Ordered by `add_invoked`. Includes the tasks of pending adds; these constrain no other task, since
  /// their `add_returned` is `never`.
  std::vector<Lifetime> lifetimes;
  std::vector<std::size_t> empty_answers;   ///< indices of the takes that found nothing
  std::optional<std::size_t> pending_take;  ///< index of the first take that never returned
  /// Set if the lifetimes are incomplete and mean nothing: `violated` if tasks are not conserved,
  /// `unknown` if they are not distinct.
  std::optional<Verdict> flaw;
};

/// Collects the tasks of a history. O(n) on average. Pure.
///
/// A discard may have removed every task that is not seen to leave otherwise. Lifetimes do not express
/// that all of them leave at one point in time.
[[nodiscard]] TaskRecord read_tasks(std::span<const Operation> history);

/// Likewise for a history that uses ids again, each time for another task. Leaves out tasks of which
/// the order of calls does not say by which they left: those of one id may have been added side by
/// side, or a take may have been under way from one to the next. The others have the lifetimes that
/// they have in every order that agrees with the contract, if there is one. So a check that is sound for
/// some of the tasks is sound for these; an answer that the queue was empty stays one. O(n log n). Pure.
[[nodiscard]] TaskRecord read_reused(std::span<const Operation> history);

/// Returns the lifetimes if takes that never returned may have taken tasks: any task that is not seen to
/// leave may have left after the first such take began. This is a bound, since a take takes one task.
[[nodiscard]] std::vector<Lifetime> possibly_taken(const TaskRecord& record,
                                                   std::span<const Operation> history);

/// Returns `witnesses` without those that are `not_seen`.
[[nodiscard]] inline std::vector<std::size_t> seen(std::vector<std::size_t> witnesses) {
  std::erase(witnesses, not_seen);
  return witnesses;
}

[[nodiscard]] inline std::vector<const Lifetime*> pointers_to(std::span<const Lifetime> tasks) {
  std::vector<const Lifetime*> pointers;
  for (const Lifetime& task : tasks) pointers.push_back(&task);
  return pointers;
}

/// Calls `visit` with the tasks of each priority, as a span. `tasks`, or pointers to them, are sorted
/// by priority.
template <class Tasks>
void for_each_priority(const Tasks& tasks, auto&& visit) {
  const auto priority_of = [](const auto& task) { return std::invoke(&Lifetime::priority, task); };
  for (std::span rest(tasks); !rest.empty();) {
    const auto last = std::ranges::find_if(
        rest, [&](auto priority) { return priority != priority_of(rest.front()); }, priority_of);
    const auto peers = rest.first(static_cast<std::size_t>(last - rest.begin()));
    visit(peers);
    rest = rest.subspan(peers.size());
  }
}

/// How and when a task left, in words: "was taken no earlier than 40 ns".
[[nodiscard]] std::string departure_text(const Lifetime& task);

/// Judges a history by `find`, a function of lifetimes that answers `violated` only if no queue could
/// have produced them. Takes into account what takes that never returned may have done.
template <class Find>
[[nodiscard]] Verdict judge(const TaskRecord& record, std::span<const Operation> history,
                            Find find) {
  if (record.flaw) {
    return undecided("not decided: " + record.flaw->reason, record.flaw->witnesses);
  }
  Verdict if_nothing_taken = find(std::span<const Lifetime>(record.lifetimes));
  // If nothing is wrong when these took nothing, then that is a possible history.
  if (!record.pending_take || if_nothing_taken.holds()) return if_nothing_taken;
  Verdict if_taken = find(std::span<const Lifetime>(possibly_taken(record, history)));
  if (!if_taken.holds()) return if_taken;
  return undecided("not decided: it depends on which task a take that never returned has taken",
                   {*record.pending_take});
}

// --- coverage: times at which at least one of some tasks certainly was queued -----------------

/// The time in which a call had its effect: both ends belong to it.
struct Interval {
  Instant from = 0;
  Instant to = 0;

  [[nodiscard]] Instant length() const noexcept { return to - from; }
};

/// A union of open intervals: the time at which at least one of some tasks certainly was queued. If two
/// intervals meet, the instant at which they do is not covered, since calls that meet overlap.
class CoveredTime {
public:
  CoveredTime() = default;
  explicit CoveredTime(std::span<const Lifetime> tasks) {
    for (const Lifetime& task : tasks) add(task);
  }

  /// Adds the inner segment of a task, if it has one. O(log n) amortized.
  void add(const Lifetime& task);

  /// Whether every instant of `interval` is covered. O(log n).
  [[nodiscard]] bool covers(Interval interval) const;

private:
  std::map<Instant, Instant> end_by_start_;  // disjoint
};

/// Returns as few of `tasks` as possible whose inner segments together cover `interval`, in order of
/// time; none if they do not cover it. O(n log n). Precondition: `interval.from <= interval.to`.
[[nodiscard]] std::vector<Lifetime> smallest_cover(std::vector<Lifetime> tasks, Interval interval);

/// The first few tasks of a cover in words: "task 3 (priority 5) was there from 10 ns on and never left".
[[nodiscard]] std::string cover_text(std::span<const Lifetime> cover);

}  // namespace lockbench::verify
