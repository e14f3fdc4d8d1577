#include "harness/verify/checks/rank_error.hpp"

#include <algorithm>
#include <functional>
#include <vector>

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

/// A task's inner segment, which counts, or a take's interval, whose error is the number of segments
/// before it in order of priority that start before it starts and end after it ends.
struct Span {
  Instant start = 0;
  Instant end = 0;
  std::size_t end_rank =
      0;  // of a segment: its end among all ends; of a take: ends not after its own
  std::int64_t error = 0;
  std::size_t take = not_seen;  // index in the history; `not_seen` for a segment
};

/// The spans by priority, highest first; within a priority takes come first, since equals are no error.
std::vector<Span> spans_of(std::vector<Lifetime> tasks) {
  std::ranges::stable_sort(tasks, std::ranges::greater{}, &Lifetime::priority);
  std::vector<Span> spans;
  for (auto first = tasks.cbegin(); first != tasks.cend();) {
    const auto last = std::ranges::find_if(first, tasks.cend(), [&](const Lifetime& task) {
      return task.priority != first->priority;
    });
    for (auto task = first; task != last; ++task) {
      if (!task->taken()) continue;
      spans.push_back(
          {.start = task->removal_invoked, .end = task->removal_returned, .take = task->removal});
    }
    for (auto task = first; task != last; ++task) {
      if (!task->has_inner_segment()) continue;
      spans.push_back({.start = task->add_returned, .end = task->removal_invoked});
    }
    first = last;
  }
  return spans;
}

/// Fills in `end_rank`; returns how many ranks there are.
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

/// Adds to each take's error the segments before it in `spans`; leaves `spans` in order of start.
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
