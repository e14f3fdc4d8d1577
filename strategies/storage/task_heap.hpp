#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "strategies/storage/lazy_array.hpp"

namespace lockbench {

__extension__ using Uint128 = unsigned __int128;

/// One queued task: 16 bytes that order themselves, so that a comparison never leaves the heap.
/// One 128-bit number, most significant bits first: priority (inverted: higher comes first),
/// arrival (earlier comes first; 64 bits never wrap), and the slot of the task's record.
///
/// A number, not two words: gcc 12 would load two as a vector, and take longer to take that apart
/// than the heap takes to compare.
class HeapEntry {
public:
  constexpr explicit HeapEntry(Uint128 key) noexcept : key_{key} {}
  constexpr HeapEntry(int priority, std::uint64_t sequence, std::uint32_t slot) noexcept
      : key_{(Uint128{inverted(priority)} << 96U) | (Uint128{sequence} << 32U) | slot} {}

  [[nodiscard]] constexpr Uint128 key() const noexcept { return key_; }
  [[nodiscard]] constexpr std::uint64_t sequence() const noexcept {
    return static_cast<std::uint64_t>(key_ >> 32U);
  }
  [[nodiscard]] constexpr std::uint32_t slot() const noexcept {
    return static_cast<std::uint32_t>(key_);
  }
  [[nodiscard]] constexpr bool comes_before(const HeapEntry& other) const noexcept {
    return key_ < other.key_;
  }

private:
  static constexpr std::uint32_t inverted(int priority) noexcept {
    return static_cast<std::uint32_t>(priority) ^ 0x7fff'ffffU;
  }

  Uint128 key_;
};

/// Implicit d-ary min-heap (Johnson, "Priority queues with update and finding minimum spanning
/// trees", 1975) with four children a node: half as deep as a binary heap, and the children of a
/// node fill one cache line. Unsynchronised; allocates only when constructed.
class TaskHeap {
public:
  /// Room for `capacity` entries, which must be at least 1.
  explicit TaskHeap(std::size_t capacity) : places_{root + capacity} {}

  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  /// False, changing nothing, when there is no room. O(log n); O(1) for the last in order.
  bool push(HeapEntry entry) noexcept {
    if (root + size_ == places_.size()) return false;
    auto hole = size_++;
    while (hole != 0) {
      const auto parent = (hole - 1) / arity;
      if (!entry.comes_before(at(parent))) break;
      at(hole) = at(parent);
      hole = parent;
    }
    at(hole) = entry;
    return true;
  }

  /// The first in order. O(1).
  [[nodiscard]] std::optional<HeapEntry> first() const noexcept {
    if (size_ == 0) return std::nullopt;
    return at(0);
  }
  /// Removes the first in order, if there is one. O(log n).
  void remove_first() noexcept {
    if (size_ == 0) return;
    const auto last = at(--size_);
    if (size_ != 0) sift_down(0, last);
  }
  /// Removes and returns the first in order. O(log n).
  std::optional<HeapEntry> pop() noexcept {
    const auto popped = first();
    remove_first();
    return popped;
  }

  /// Keeps the entries for which `wanted(entry)` holds. O(n) (Floyd, "Treesort 3", 1964).
  void retain(auto&& wanted) noexcept {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < size_; ++i) {
      if (wanted(at(i))) at(kept++) = at(i);
    }
    size_ = kept;
    if (kept < 2) return;
    for (auto i = (kept - 2) / arity + 1; i-- != 0;) sift_down(i, at(i));
  }

private:
  static constexpr std::size_t arity = 4;
  /// Where the root lies, so that each group of children begins a cache line.
  static constexpr std::size_t root = arity - 1;

  HeapEntry& at(std::size_t index) noexcept { return places_[root + index]; }
  [[nodiscard]] const HeapEntry& at(std::size_t index) const noexcept {
    return places_[root + index];
  }

  /// Puts `entry` at `hole` or below it.
  void sift_down(std::size_t hole, HeapEntry entry) noexcept {
    for (;;) {
      const auto child = hole * arity + 1;
      if (child >= size_) break;
      const auto best = child + arity <= size_ ? first_of_four(child) : first_of_last(child);
      if (!at(best).comes_before(entry)) break;
      at(hole) = at(best);
      hole = best;
    }
    at(hole) = entry;
  }

  /// The first in order of a full group, by a knock-out. The semi-finals have no branch, since no CPU
  /// can predict them all; the final has one, so that the next round can begin before it is decided.
  [[nodiscard]] std::size_t first_of_four(std::size_t child) const noexcept {
    const auto left = child + std::size_t{at(child + 1).comes_before(at(child))};
    const auto right = child + 2 + std::size_t{at(child + 3).comes_before(at(child + 2))};
    return at(right).comes_before(at(left)) ? right : left;
  }
  /// The first in order of the last group, which may be smaller.
  [[nodiscard]] std::size_t first_of_last(std::size_t child) const noexcept {
    auto best = child;
    while (++child < size_) {
      if (at(child).comes_before(at(best))) best = child;
    }
    return best;
  }

  LazyArray<HeapEntry> places_;
  std::size_t size_ = 0;
};

/// How many entries of cancelled tasks a heap may hold: as many as of queued ones, and a few more,
/// so that a short queue is not swept at every turn. A queue that keeps to it before every push pays
/// O(1) for sweeping per cancellation, and never needs more than `room_for`.
struct StaleBound {
  /// Whether to sweep a heap of `entries` while `queued` tasks are queued, including the one about to
  /// be pushed.
  static constexpr bool exceeded(std::size_t entries, std::size_t queued) noexcept {
    return entries > 2 * queued + slack;
  }
  /// Entries that a heap must have room for when at most `capacity` tasks are queued.
  static constexpr std::size_t room_for(std::size_t capacity) noexcept {
    return 2 * capacity + slack + 1;
  }

private:
  static constexpr std::size_t slack = 64;
};

}  // namespace lockbench
