#pragma once

#include <atomic>
#include <cstdint>

#include "strategies/storage/atomic_word.hpp"
#include "strategies/storage/lazy_array.hpp"
#include "strategies/storage/tagged_link.hpp"

namespace lockbench {

/// A task as several threads see it at once: one cache line.
struct alignas(64) TaskRecord {
  AtomicWord state;  ///< a `RecordState`
  AtomicWord id;
  AtomicWord link;       ///< a `TaggedLink`: the next record in the id table
  AtomicWord next_free;  ///< while the record is free; 0: the one after it, by index
  // Written before the record is published, and never again in the same life.
  int priority;
  std::uint32_t payload_size;
};

/// A fixed number of records, and which of them are free: a stack (Treiber, 1986) whose head is
/// tagged against re-use (see `TaggedLink`). Records are never given back to the system, so a thread
/// that holds a stale index still reads a record, and finds out by a tag that it is another.
///
/// Lock-free; any thread may call. Allocates only when constructed, and touches no record before
/// its first use.
class RecordPool {
public:
  explicit RecordPool(std::uint32_t capacity)
      : records_{std::size_t{capacity} + 1}, end_{capacity + 1}, head_{TaggedLink{}.to(1).word()} {}

  /// A record that is the caller's alone; `no_record` if all were taken at some moment of the call.
  RecordIndex acquire() noexcept {
    // (1) acquire: pairs with (2), so the last owner is done with the record.
    TaggedLink head{head_.load(std::memory_order_acquire)};
    while (head.index() != end_) {
      // If another takes the record meanwhile, this is stale; then the tag has moved on as well.
      const auto next = next_of(head.index());
      auto found = head.word();
      if (head_.compare_exchange_weak(found, head.to(next).word(), std::memory_order_acquire)) {
        return head.index();
      }
      head = TaggedLink{found};
    }
    return no_record;
  }

  /// Gives back a record that `acquire` gave, and that nothing leads to any more.
  void release(RecordIndex index) noexcept {
    TaggedLink head{head_.load(std::memory_order_relaxed)};
    for (;;) {
      records_[index].next_free.store(head.index(), std::memory_order_relaxed);
      auto found = head.word();
      // (2) release: pairs with (1).
      if (head_.compare_exchange_weak(found, head.to(index).word(), std::memory_order_release,
                                      std::memory_order_relaxed)) {
        return;
      }
      head = TaggedLink{found};
    }
  }

  TaskRecord& operator[](RecordIndex index) noexcept { return records_[index]; }

private:
  [[nodiscard]] RecordIndex next_of(RecordIndex index) const noexcept {
    const auto next = records_[index].next_free.load(std::memory_order_relaxed);
    return next == 0 ? index + 1 : static_cast<RecordIndex>(next);
  }

  LazyArray<TaskRecord> records_;  // [0] is unused
  RecordIndex end_;
  alignas(
      64) std::atomic<std::uint64_t> head_;  // a line of its own: every add and forget writes it
};

}  // namespace lockbench
