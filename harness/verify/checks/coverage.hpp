#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "harness/verify/checks/tasks.hpp"
#include "harness/verify/history/history.hpp"

namespace lockbench::verify {

/// When a call had to take effect: both ends belong to it.
struct Interval {
  Instant from = 0;
  Instant to = 0;
};

/// A union of open intervals: the times at which at least one of some tasks certainly was queued. Two
/// intervals that meet leave the instant at which they do uncovered, as calls of equal times overlap.
class CoveredTime {
public:
  /// Adds the inner segment of a task, if it has one. O(log n) amortized.
  void add(const Lifetime& task);

  /// Whether every instant of `interval` is covered. O(log n).
  [[nodiscard]] bool covers(Interval interval) const;

private:
  std::map<Instant, Instant> end_by_start_;  // disjoint
};

/// As few of `tasks` as possible whose inner segments together cover `interval`, in order of time;
/// empty when they do not cover it. O(n log n). Precondition: `interval.from <= interval.to`.
[[nodiscard]] std::vector<Lifetime> smallest_cover(std::vector<Lifetime> tasks, Interval interval);

/// The indices of the adds and removals that show a cover.
[[nodiscard]] std::vector<std::size_t> witnesses_of(std::span<const Lifetime> cover);

/// "task 3 (priority 5) was there from 10 ns to 40 ns, ...": the first few tasks of a cover.
[[nodiscard]] std::string cover_text(std::span<const Lifetime> cover);

}  // namespace lockbench::verify
