#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "harness/verify/checks/tasks.hpp"
#include "harness/verify/history/history.hpp"

namespace lockbench::verify {

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
