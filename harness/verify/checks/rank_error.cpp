#include <algorithm>
#include <functional>
#include <vector>

#include "harness/verify/checks/checks.hpp"
#include "harness/verify/checks/tasks.hpp"

namespace lockbench::verify {
namespace {

/// Counts by position, with sums over prefixes (Fenwick, 1994).
class PrefixCounts {
public:
  explicit PrefixCounts(std::size_t size) : counts_(size + 1) {}

  void change(std::size_t position, std::int64_t by) {
    for (std::size_t i = position + 1; i < counts_.size(); i += i & (~i + 1)) counts_[i] += by;
  }
  /// The sum over positions below `end`.
  [[nodiscard]] std::int64_t below(std::size_t end) const {
    std::int64_t sum = 0;
    for (std::size_t i = end; i > 0; i -= i & (~i + 1)) sum += counts_[i];
    return sum;
  }

private:
  std::vector<std::int64_t> counts_;
};

/// The inner segment of a task, or the interval of a take. The error of a take is the number of segments
/// before it in order of priority that start before it starts and end after it ends.
struct Span {
  Instant start = 0;
  Instant end = 0;
  /// Of a segment: its end's rank among all segments' ends. Of a take: how many ends are not after its.
  std::size_t end_rank = 0;
  std::int64_t error = 0;
  std::size_t take = not_seen;  ///< index in the history; `not_seen` for a segment
};

/// Returns the spans by priority, highest first. Within a priority takes come first, since tasks of
/// equal priority are no error.
std::vector<Span> spans_of(std::vector<Lifetime> tasks) {
  std::ranges::stable_sort(tasks, std::ranges::greater{}, &Lifetime::priority);
  std::vector<Span> spans;
  for_each_priority(tasks, [&](std::span<const Lifetime> peers) {
    for (const auto& task : peers) {
      if (!task.taken()) continue;
      spans.push_back(
          {.start = task.removal_invoked, .end = task.removal_returned, .take = task.removal});
    }
    for (const auto& task : peers) {
      if (!task.has_inner_segment()) continue;
      spans.push_back({.start = task.add_returned, .end = task.removal_invoked});
    }
  });
  return spans;
}

/// Fills in each `end_rank`. Returns the number of ranks.
std::size_t rank_ends(std::span<Span> spans) {
  std::vector<Instant> ends;
  for (const Span& span : spans) {
    if (span.take == not_seen) ends.push_back(span.end);
  }
  std::ranges::sort(ends);
  for (Span& span : spans) {
    const auto rank = span.take == not_seen ? std::ranges::lower_bound(ends, span.end)
                                            : std::ranges::upper_bound(ends, span.end);
    span.end_rank = static_cast<std::size_t>(rank - ends.begin());
  }
  return ends.size();
}

/// Adds the segments before each take in `spans` to its error. Leaves `spans` sorted by start.
void count_errors(std::span<Span> spans, PrefixCounts& ended) {
  if (spans.size() < 2) return;
  const std::span<Span> left = spans.first(spans.size() / 2);
  const std::span<Span> right = spans.subspan(spans.size() / 2);
  count_errors(left, ended);
  count_errors(right, ended);

  auto next = left.begin();
  std::int64_t started = 0;
  for (Span& span : right) {
    if (span.take == not_seen) continue;
    for (; next != left.end() && next->start < span.start; ++next) {
      if (next->take != not_seen) continue;
      ended.change(next->end_rank, 1);
      ++started;
    }
    span.error += started - ended.below(span.end_rank);
  }
  for (auto counted = left.begin(); counted != next; ++counted) {
    if (counted->take == not_seen) ended.change(counted->end_rank, -1);
  }
  std::ranges::inplace_merge(spans, spans.begin() + static_cast<std::ptrdiff_t>(left.size()), {},
                             &Span::start);
}

}  // namespace

RankError rank_error(std::span<const Operation> history) {
  std::vector<Span> spans = spans_of(possibly_taken(read_tasks(history), history));
  PrefixCounts ended(rank_ends(spans));
  count_errors(spans, ended);

  RankError result;
  double sum = 0.0;
  for (const Span& span : spans) {
    if (span.take == not_seen) continue;
    const auto error = static_cast<std::uint64_t>(span.error);
    if (result.takes == 0 || error > result.max) {
      result.max = error;
      result.worst_take = span.take;
    }
    sum += static_cast<double>(error);
    ++result.takes;
  }
  if (result.takes > 0) result.mean = sum / static_cast<double>(result.takes);
  return result;
}

}  // namespace lockbench::verify
