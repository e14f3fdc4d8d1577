#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "strategies/storage/atomic_word.hpp"
#include "strategies/storage/lazy_array.hpp"
#include "strategies/storage/steps.hpp"
#include "strategies/storage/tagged_link.hpp"
#include "strategies/storage/thread_index.hpp"

namespace lockbench {

/// A task as several threads see it at once: one cache line.
struct alignas(64) TaskRecord {
  /// Longest payload that the record itself has room for.
  static constexpr std::size_t payload_room = 24;

  AtomicWord state;  ///< a `RecordState`
  AtomicWord id;
  AtomicWord link;       ///< a `TaggedLink`: the next record in the id table
  AtomicWord next_free;  ///< while the record is free: the next in its magazine, or `no_record`
  // Written before the record is published, and never again in the same life.
  int priority;
  std::uint32_t payload_size;
  std::array<std::byte, payload_room> payload;  ///< unless it is longer
};
static_assert(sizeof(TaskRecord) == 64);

/// A fixed number of records, and which of them are free.
///
/// Each thread has a magazine: it puts the records there that it frees, and takes from there, so
/// threads whose adds and forgets balance never meet. A magazine is a stack (Treiber, 1986) whose
/// head is tagged against re-use (see `TaggedLink`), and so any thread may use any of them: one that
/// finds its own empty takes from the others, and threads may share one. A record that was never used
/// is taken when all magazines are empty.
///
/// Records are never given back to the system, so a thread that holds a stale index still reads a
/// record, and finds out by a tag that it is another.
///
/// Lock-free; any thread may call. Allocates only when constructed, and touches no record before
/// its first use.
template <class Steps>
class BasicRecordPool {
public:
  explicit BasicRecordPool(std::uint32_t capacity)
      : records_{std::size_t{capacity} + 1}, end_{capacity + 1} {}

  /// A record that is the caller's alone; `no_record` if all were taken at some moment of the call.
  RecordIndex acquire() noexcept {
    const auto index = pop(own());
    return index != no_record ? index : acquire_elsewhere();
  }

  /// Gives back a record that `acquire` gave, and that nothing leads to any more.
  void release(RecordIndex index) noexcept {
    auto& magazine = own();
    TaggedLink top{magazine.top.load(std::memory_order_relaxed)};
    for (;;) {
      records_[index].next_free.store(top.index(), std::memory_order_relaxed);
      Steps::between();
      auto found = top.word();
      // (2) release: pairs with (1).
      if (magazine.top.compare_exchange_weak(found, top.to(index).word(), std::memory_order_release,
                                             std::memory_order_relaxed)) {
        return;
      }
      top = TaggedLink{found};
    }
  }

  TaskRecord& operator[](RecordIndex index) noexcept { return records_[index]; }

private:
  /// Alone on its line, and on the one that the CPU may fetch with it.
  struct alignas(128) Magazine {
    std::atomic<std::uint64_t> top{TaggedLink{}.word()};  ///< a `TaggedLink`
  };
  static constexpr std::size_t magazine_count = 16;
  using Tops = std::array<std::uint64_t, magazine_count>;

  Magazine& own() noexcept { return magazines_[ThreadIndex::mine() % magazine_count]; }

  RecordIndex pop(Magazine& magazine) noexcept {
    // (1) acquire: pairs with (2), so the last owner is done with the record.
    TaggedLink top{magazine.top.load(std::memory_order_acquire)};
    while (top.index() != no_record) {
      // If another takes the record meanwhile, this is stale; then the tag has moved on as well.
      const auto next = records_[top.index()].next_free.load(std::memory_order_relaxed);
      Steps::between();
      auto found = top.word();
      const auto desired = top.to(static_cast<RecordIndex>(next)).word();
      if (magazine.top.compare_exchange_weak(found, desired, std::memory_order_acquire)) {
        return top.index();
      }
      top = TaggedLink{found};
    }
    return no_record;
  }

  /// Looks into all magazines, and says that there is no record only when no magazine has changed
  /// while it looked: otherwise one may have gone from where it was not yet looked for to where it
  /// no longer was.
  [[gnu::noinline]] RecordIndex acquire_elsewhere() noexcept {
    for (Tops before{};;) {  // as they were at first
      if (const auto index = pop_any(); index != no_record) return index;
      if (const auto index = take_unused(); index != no_record) return index;
      const auto after = tops();
      if (after == before) return no_record;
      before = after;
    }
  }

  RecordIndex pop_any() noexcept {
    for (auto& magazine : magazines_) {
      if (const auto index = pop(magazine); index != no_record) return index;
    }
    return no_record;
  }

  RecordIndex take_unused() noexcept {
    auto index = unused_.load(std::memory_order_relaxed);
    while (index != end_) {
      if (unused_.compare_exchange_weak(index, index + 1, std::memory_order_relaxed)) return index;
    }
    return no_record;
  }

  /// What all magazines' words say. Words that stay the same say that the magazines did.
  [[nodiscard]] Tops tops() const noexcept {
    Tops words{};
    for (std::size_t i = 0; i < magazine_count; ++i) {
      words[i] = magazines_[i].top.load(std::memory_order_acquire);
    }
    return words;
  }

  LazyArray<TaskRecord> records_;  // [0] is unused
  RecordIndex end_;
  std::array<Magazine, magazine_count> magazines_{};
  alignas(128) std::atomic<RecordIndex> unused_{1};  // the first record never used; `end_`: none
};

using RecordPool = BasicRecordPool<NoSteps>;

}  // namespace lockbench
