#pragma once

#include <cstdint>

#include "strategies/task_queue.hpp"

namespace lockbench {

/// Which record of a pool; 0 is none.
using RecordIndex = std::uint32_t;
inline constexpr RecordIndex no_record = 0;

/// The word that links one record to the next in a lock-free list or stack (Michael, 2002).
///
/// Its tag grows with every change of the word, so a compare-and-exchange that slept through a
/// removal and a re-use of the same record fails instead of taking the new for the old. It wraps
/// after 2^39 changes of one word: to be fooled, a thread has to sleep between a load and its
/// exchange for exactly that many.
class TaggedLink {
public:
  constexpr TaggedLink() noexcept = default;
  explicit constexpr TaggedLink(std::uint64_t word) noexcept : word_{word} {}

  [[nodiscard]] constexpr std::uint64_t word() const noexcept { return word_; }
  [[nodiscard]] constexpr RecordIndex index() const noexcept {
    return static_cast<RecordIndex>(word_ & index_mask);
  }
  /// The record that holds this link is being removed: nothing may be linked behind it any more.
  [[nodiscard]] constexpr bool is_marked() const noexcept { return (word_ & mark) != 0; }

  /// What to write over this link, so that it leads to `index`.
  [[nodiscard]] constexpr TaggedLink to(RecordIndex index) const noexcept {
    return TaggedLink{((word_ & tag_mask) + one_tag) | index};
  }
  /// What to write over this link, so that it is marked.
  [[nodiscard]] constexpr TaggedLink marked() const noexcept {
    return TaggedLink{(word_ + one_tag) | mark};
  }

  friend constexpr bool operator==(TaggedLink, TaggedLink) noexcept = default;

private:
  // | 39 bits of tag | mark | 24 bits of index |
  static constexpr unsigned index_bits = 24;
  static constexpr std::uint64_t mark = 1ULL << index_bits;
  static constexpr std::uint64_t one_tag = mark << 1U;
  static constexpr std::uint64_t index_mask = mark - 1;
  static constexpr std::uint64_t tag_mask = ~(one_tag - 1);
  // Records are counted from 1, and one index more says "the end".
  static_assert(QueueLimits::max_capacity + 1 <= index_mask);

  std::uint64_t word_ = 0;
};

}  // namespace lockbench
