#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "strategies/storage/access.hpp"
#include "strategies/storage/lazy_array.hpp"

namespace lockbench {

/// One queued task: 16 bytes that order themselves, so that a comparison never leaves the heap.
/// One 128-bit number, most significant bits first: priority (inverted: higher comes first),
/// arrival (earlier comes first; 64 bits never wrap), and the slot of the task's record.
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
template <class Access = PlainAccess>
class TaskHeap {
public:
  /// Room for `capacity` entries, which must be at least 1.
  explicit TaskHeap(std::size_t capacity) : places_{capacity + root}, capacity_{capacity} {}

  [[nodiscard]] std::size_t size() const noexcept {
    const auto size = Access::load(size_);
    return Access::racing ? std::min(size, capacity_) : size;
  }
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

  /// False, changing nothing, when there is no room. O(log n); O(1) for the last in order.
  bool push(HeapEntry entry) noexcept {
    const auto last = size();
    if (last == capacity_) return false;
    Access::store(size_, last + 1);
    auto hole = last;
    while (hole != 0) {
      const auto parent = (hole - 1) / arity;
      const auto above = load(parent);
      if (!entry.comes_before(above)) break;
      store(hole, above);
      hole = parent;
    }
    store(hole, entry);
    return true;
  }

  /// The first in order. O(1).
  [[nodiscard]] std::optional<HeapEntry> first() const noexcept {
    if (size() == 0) return std::nullopt;
    return load(0);
  }
  /// Removes the first in order, if there is one. O(log n).
  void remove_first() noexcept {
    const auto count = size();
    if (count == 0) return;
    const auto last = load(count - 1);
    Access::store(size_, count - 1);
    if (count > 1) sift_down(0, last, count - 1);
  }
  /// Removes and returns the first in order. O(log n).
  std::optional<HeapEntry> pop() noexcept {
    const auto popped = first();
    remove_first();
    return popped;
  }

  /// Keeps the entries for which `wanted(entry)` holds. O(n) (Floyd, "Treesort 3", 1964).
  void retain(auto&& wanted) noexcept {
    const auto count = size();
    std::size_t kept = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (const auto entry = load(i); wanted(entry)) store(kept++, entry);
    }
    Access::store(size_, kept);
    if (kept < 2) return;
    for (auto i = (kept - 2) / arity + 1; i-- != 0;) sift_down(i, load(i), kept);
  }

private:
  static constexpr std::size_t arity = 4;
  /// Where the root lies, so that each group of children begins a cache line.
  static constexpr std::size_t root = arity - 1;

  [[nodiscard]] HeapEntry load(std::size_t index) const noexcept {
    return HeapEntry{Access::load_wide(places_[root + index])};
  }
  void store(std::size_t index, HeapEntry entry) noexcept {
    Access::store_wide(places_[root + index], entry.key());
  }

  /// Puts `entry` at `hole` or below it, in a heap of `count` entries.
  void sift_down(std::size_t hole, HeapEntry entry, std::size_t count) noexcept {
    for (;;) {
      const auto child = hole * arity + 1;
      if (child >= count) break;
      const auto best = child + arity <= count ? first_of_four(child) : first_of(child, count);
      const auto below = load(best);
      if (!below.comes_before(entry)) break;
      store(hole, below);
      hole = best;
    }
    store(hole, entry);
  }

  /// A knock-out. The semi-finals go without a branch, since nobody can predict them all; the final
  /// with one, so that the next round can begin before it is decided.
  [[nodiscard]] std::size_t first_of_four(std::size_t child) const noexcept {
    const auto left = child + std::size_t{load(child + 1).comes_before(load(child))};
    const auto right = child + 2 + std::size_t{load(child + 3).comes_before(load(child + 2))};
    return load(right).comes_before(load(left)) ? right : left;
  }
  /// Of the last group, which may be smaller.
  [[nodiscard]] std::size_t first_of(std::size_t child, std::size_t count) const noexcept {
    auto best = child;
    while (++child < count) {
      if (load(child).comes_before(load(best))) best = child;
    }
    return best;
  }

  LazyArray<typename Access::Wide> places_;
  std::size_t capacity_;
  std::size_t size_ = 0;
};

}  // namespace lockbench
