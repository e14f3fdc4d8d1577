#include "harness/verify/search/task_parts.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

#include "harness/verify/history/history_names.hpp"

namespace lockbench::verify {

namespace {

/// Whether the answer says something about a task, or the call may have had an effect on one.
[[nodiscard]] bool matters(const Operation& operation) noexcept {
  if (operation.answer == Answer::shut_down) return false;
  return names_task(operation) && !(operation.pending() && operation.call == Call::status);
}

/// A strategy may discard task by task, while an add that began before is still under way. If the id
/// is forgotten and added again meanwhile, the discard cancels it again. So for each add that overlaps
/// a discard, the discard may cancel the id once more. Each of these cancels may happen or not, like a
/// cancel that never returned; it may come late, since nothing is queued after the discard.
void allow_repeated_cancels(Excerpt& excerpt) {
  const auto calls = excerpt.operations.size();
  for (std::size_t at = 0; at < calls; ++at) {
    const auto discard = excerpt.operations[at];
    if (discard.call != Call::shutdown_discard) continue;
    for (std::size_t other = 0; other < calls; ++other) {
      const auto add = excerpt.operations[other];
      if (add.call != Call::add || changes_nothing(add) || !overlap(add, discard)) continue;
      excerpt.push_back({.invoked = discard.invoked,
                         .id = add.id,
                         .thread = discard.thread,
                         .call = Call::cancel},
                        excerpt.origins[at]);
    }
  }
}

/// Restores the order of the history, which is that of invocation.
void restore_order(Excerpt& excerpt) {
  std::vector<std::size_t> order(excerpt.origins.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t at) { return excerpt.origins[at]; });
  Excerpt ordered;
  for (const auto at : order) ordered.push_back(excerpt.operations[at], excerpt.origins[at]);
  excerpt = std::move(ordered);
}

}  // namespace

TaskParts::TaskParts(const History& history) : history_(&history) {
  for (std::size_t index = 0; index < history.size(); ++index) note(index);
  std::ranges::sort(mentions_, {}, [](const Mention& mention) {
    return std::tuple{mention.id, mention.index};
  });
}

void TaskParts::note(std::size_t index) {
  const auto& operation = (*history_)[index];
  if (matters(operation)) mentions_.push_back({operation.id, index});
  if (operation.call == Call::shutdown_discard) add(discards_, index);
  if (operation.call == Call::join && !operation.pending()) add(joins_, index);
  if (is_take(operation) && operation.pending()) add(open_takes_, index);
}

void TaskParts::add(Global& global, std::size_t index) const {
  const auto returned = (*history_)[index].returned;
  global.indices.push_back(index);
  global.latest.push_back(global.latest.empty() ? returned
                                                : std::max(global.latest.back(), returned));
}

TaskParts::Part TaskParts::part_from(std::size_t from) const noexcept {
  auto to = from;
  while (to < mentions_.size() && mentions_[to].id == mentions_[from].id) ++to;
  return std::span{mentions_}.subspan(from, to - from);
}

/// From the first call to the last answer: nobody saw what calls without an answer did later.
TaskParts::Span TaskParts::span_of(Part part) const {
  Span span{(*history_)[part.front().index].invoked, 0};
  for (const auto [id, index] : part) {
    const auto& operation = (*history_)[index];
    if (!operation.pending()) span.end = std::max(span.end, operation.returned);
  }
  return span;
}

/// Pushes the calls that overlap `span`; with `and_next`, also the first call after it. The calls after
/// that one would add nothing.
void TaskParts::push_overlapping(const Global& global, Span span, bool and_next,
                                 Excerpt& excerpt) const {
  const auto first = std::ranges::lower_bound(global.latest, span.begin) - global.latest.begin();
  for (auto at = static_cast<std::size_t>(first); at < global.indices.size(); ++at) {
    const auto index = global.indices[at];
    const auto& operation = (*history_)[index];
    const bool is_later = operation.invoked > span.end;
    if (is_later && !and_next) return;
    if (operation.returned >= span.begin) excerpt.push_back(operation, index);
    if (is_later) return;
  }
}

void TaskParts::collect(Part part, bool with_open_takes, Excerpt& excerpt) const {
  excerpt.operations.clear();
  excerpt.origins.clear();
  for (const auto [id, index] : part) excerpt.push_back((*history_)[index], index);
  auto span = span_of(part);
  push_overlapping(discards_, span, true, excerpt);
  push_overlapping(joins_, span, true, excerpt);
  if (with_open_takes) {
    // A later `join` may have seen what a take did.
    for (const auto& operation : excerpt.operations) {
      if (!operation.pending()) span.end = std::max(span.end, operation.returned);
    }
    push_overlapping(open_takes_, span, false, excerpt);
  }
  if (excerpt.operations.size() == part.size()) return;
  allow_repeated_cancels(excerpt);
  restore_order(excerpt);
}

}  // namespace lockbench::verify
