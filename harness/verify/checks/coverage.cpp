#include "harness/verify/checks/coverage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace lockbench::verify {

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
