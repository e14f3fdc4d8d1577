#pragma once

/// Splits a history into what concerns each id.

#include <algorithm>
#include <compare>
#include <cstddef>
#include <span>
#include <vector>

#include "harness/verify/history/history.hpp"
#include "harness/verify/search/excerpt.hpp"

namespace lockbench::verify {

/// Refers to a history, which must outlive it.
class TaskParts {
public:
  /// A call about an id, by index in the history.
  struct Mention {
    TaskId id;
    std::size_t index;
    auto operator<=>(const Mention&) const = default;
  };
  using Part = std::span<const Mention>;

  /// O(n log n).
  explicit TaskParts(const History& history) : history_(history) {
    for (std::size_t index = 0; index < history.size(); ++index) {
      const auto& operation = history[index];
      if (matters(operation)) mentions_.push_back({operation.id, index});
      if (operation.call == Call::shutdown_discard) add(discards_, index);
      if (operation.call == Call::join && !operation.pending()) add(joins_, index);
      if (is_take(operation) && operation.pending()) add(open_takes_, index);
    }
    std::ranges::sort(mentions_);
  }

  /// Returns the part that begins at mention `from`, which is 0 or the end of the part before; empty
  /// after the last part.
  [[nodiscard]] Part part_from(std::size_t from) const noexcept {
    auto to = from;
    while (to < mentions_.size() && mentions_[to].id == mentions_[from].id) ++to;
    return std::span{mentions_}.subspan(from, to - from);
  }

  /// Puts the calls of a part into `excerpt`, and the calls about no id that matter to it: `join` and a
  /// discarding shutdown concern every id, and so do, if asked for, takes that never returned, each of
  /// which may have taken any task. Ordered by `invoked`.
  void collect(Part part, bool with_open_takes, Excerpt& excerpt) const {
    excerpt.operations.clear();
    excerpt.origins.clear();
    for (const auto [id, index] : part) excerpt.push_back(history_[index], index);
    const auto begin = excerpt.operations.front().invoked;
    const auto end = last_answer(excerpt.operations);
    push_overlapping(discards_, begin, end, true, excerpt);
    push_overlapping(joins_, begin, end, true, excerpt);
    if (with_open_takes) {
      // A later `join` may have seen what a take did.
      push_overlapping(open_takes_, begin, last_answer(excerpt.operations), false, excerpt);
    }
    if (excerpt.operations.size() == part.size()) return;
    allow_repeated_cancels(excerpt);
    // Back to the order of the history, which is that of invocation.
    excerpt = sorted_by(excerpt, [&](std::size_t at) { return excerpt.origins[at]; });
  }
  /// Whether there are takes that never returned.
  [[nodiscard]] bool has_open_takes() const noexcept { return !open_takes_.indices.empty(); }

private:
  /// Calls of one kind in order; for each, the latest response of it and those before.
  struct Global {
    std::vector<std::size_t> indices;
    std::vector<Instant> latest;
  };

  /// Whether the answer says something about a task, or the call may have had an effect on one.
  [[nodiscard]] static bool matters(const Operation& operation) noexcept {
    if (operation.answer == Answer::shut_down) return false;
    return names_task(operation) && !(operation.pending() && operation.call == Call::status);
  }

  /// When the last of these calls was answered: nobody saw what calls without an answer did later.
  [[nodiscard]] static Instant last_answer(const History& operations) noexcept {
    Instant last = 0;
    for (const auto& operation : operations) {
      if (!operation.pending()) last = std::max(last, operation.returned);
    }
    return last;
  }

  /// A strategy may discard task by task, while an add that began before is still under way. If the id
  /// is forgotten and added again meanwhile, the discard cancels it again. So for each add that overlaps
  /// a discard, the discard may cancel the id once more. Each of these cancels may happen or not, like a
  /// cancel that never returned; it may come late, since nothing is queued after the discard.
  static void allow_repeated_cancels(Excerpt& excerpt) {
    const auto calls = excerpt.operations.size();
    for (std::size_t at = 0; at < calls; ++at) {
      const auto discard = excerpt.operations[at];
      if (discard.call != Call::shutdown_discard) continue;
      for (std::size_t other = 0; other < calls; ++other) {
        const auto add = excerpt.operations[other];
        if (add.call != Call::add || changes_nothing(add) || !overlap(add, discard)) continue;
        excerpt.push_back(possible_cancel(discard, add), excerpt.origins[at]);
      }
    }
  }

  void add(Global& global, std::size_t index) const {
    const auto before = global.latest.empty() ? Instant{0} : global.latest.back();
    global.indices.push_back(index);
    global.latest.push_back(std::max(before, history_[index].returned));
  }

  /// Pushes the calls that overlap the time from `begin` to `end`; with `and_next`, also the first call
  /// after it. The calls after that one would add nothing.
  void push_overlapping(const Global& global, Instant begin, Instant end, bool and_next,
                        Excerpt& excerpt) const {
    const auto first = std::ranges::lower_bound(global.latest, begin) - global.latest.begin();
    for (auto at = static_cast<std::size_t>(first); at < global.indices.size(); ++at) {
      const auto index = global.indices[at];
      const auto& operation = history_[index];
      const bool is_later = operation.invoked > end;
      if (is_later && !and_next) return;
      if (operation.returned >= begin) excerpt.push_back(operation, index);
      if (is_later) return;
    }
  }

  const History& history_;
  std::vector<Mention> mentions_;
  Global joins_;
  Global discards_;
  Global open_takes_;
};

}  // namespace lockbench::verify
