#pragma once

/// Splits a history into what concerns each id.

#include <cstddef>
#include <span>
#include <vector>

#include "harness/verify/history/history.hpp"
#include "harness/verify/search/shrink.hpp"

namespace lockbench::verify {

/// Refers to a history, which must outlive it.
class TaskParts {
public:
  /// A call about an id, by index in the history.
  struct Mention {
    TaskId id;
    std::size_t index;
  };
  using Part = std::span<const Mention>;

  /// O(n log n).
  explicit TaskParts(const History& history);

  /// Returns the part that begins at mention `from`, which is 0 or the end of the part before; empty
  /// after the last part.
  [[nodiscard]] Part part_from(std::size_t from) const noexcept;

  /// Puts the calls of a part into `excerpt`, and the calls about no id that matter to it: `join` and a
  /// discarding shutdown concern every id, and so do, if asked for, takes that never returned, each of
  /// which may have taken any task. Ordered by `invoked`.
  void collect(Part part, bool with_open_takes, Excerpt& excerpt) const;
  /// Whether there are takes that never returned.
  [[nodiscard]] bool has_open_takes() const noexcept { return !open_takes_.indices.empty(); }

private:
  struct Span {
    Instant begin;
    Instant end;
  };
  /// Calls of one kind in order; for each, the latest response of it and those before.
  struct Global {
    std::vector<std::size_t> indices;
    std::vector<Instant> latest;
  };

  void note(std::size_t index);
  void add(Global& global, std::size_t index) const;
  [[nodiscard]] Span span_of(Part part) const;
  void push_overlapping(const Global& global, Span span, bool and_next, Excerpt& excerpt) const;

  const History* history_;
  std::vector<Mention> mentions_;
  Global joins_;
  Global discards_;
  Global open_takes_;
};

}  // namespace lockbench::verify
