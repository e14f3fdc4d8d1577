#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "strategies/storage/id_hash.hpp"
#include "strategies/storage/record_pool.hpp"
#include "strategies/storage/record_state.hpp"
#include "strategies/storage/steps.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {

/// Finds the record of an id: a hash table of ordered lists (Michael, 2002, "High performance
/// dynamic lock-free hash tables and list-based sets"), linked through the records themselves.
///
/// A record is taken out in two steps: its own link is marked, so that nothing can be linked behind
/// it; then the first thread that comes along leads its predecessor's link past it. Michael protects
/// readers by hazard pointers. Here every link carries a tag instead, and records are never given
/// back to the system: a thread that finds a link unchanged, tag included, knows that the record it
/// leads to has not been re-used meanwhile.
///
/// Lock-free; any thread may call. Expected O(1). Allocates only when constructed.
template <class Steps>
class BasicConcurrentIdTable {
public:
  /// Where an id is, or where it would go.
  struct Place {
    AtomicWord* before;             ///< the word that leads to the record
    TaggedLink link;                ///< what that word said
    RecordIndex index = no_record;  ///< the record of the id, if there is one
    TaggedLink after;               ///< what its link said while it was in the table
    RecordState state;              ///< its state while it was in the table
  };

  /// Both outlive the table. At most `capacity` of the pool's records will be in it.
  BasicConcurrentIdTable(BasicRecordPool<Steps>& records, std::uint32_t capacity)
      : records_{records},
        buckets_{std::bit_ceil(std::size_t{capacity} + 1)},
        shift_{static_cast<unsigned>(64 - std::countr_zero(buckets_.size()))} {}

  /// Finds the record of `id`. Its status may be `unknown`: then the task was forgotten, but the
  /// record is still in its place. A place without a record has that status too. Takes out marked
  /// records on its way, which changes nothing that a caller can see.
  [[nodiscard]] Place locate(TaskId id) const noexcept {
    for (;;) {
      Place place{};
      place.before = &buckets_[bucket_of(id)];
      // (1) acquire: pairs with the release in (2), so the record's fields are there.
      place.link = TaggedLink{place.before->load(std::memory_order_acquire)};
      if (walk(place, id)) return place;
    }
  }

  /// Puts in a record whose id and state are set. False if a record of the same id is there and its
  /// task is not forgotten.
  bool insert(RecordIndex index) noexcept {
    auto& record = records_[index];
    const auto id = record.id.load(std::memory_order_relaxed);
    for (;;) {
      const auto place = locate(id);
      if (place.index != no_record) {
        if (place.state.status() != TaskStatus::unknown) return false;
        // Marks the record for the thread that has forgotten the task and may be asleep. If the link
        // has changed since, this mark fails: it cannot hit a later life of the record.
        auto found = place.after.word();
        records_[place.index].link.compare_exchange(found, place.after.marked().word());
        continue;
      }
      const TaggedLink own{record.link.load(std::memory_order_relaxed)};
      record.link.store(own.to(place.link.index()).word(), std::memory_order_release);
      Steps::between();
      auto found = place.link.word();
      // (2) releases the record: pairs with (1) and (3).
      if (place.before->compare_exchange(found, place.link.to(index).word())) return true;
    }
  }

  /// Takes out a record whose status the caller, and no other thread, has made `unknown`. When it
  /// returns, no link leads to the record, and none will in this life of it.
  void remove(const Place& place) noexcept {
    auto& record = records_[place.index];
    auto after = place.after;
    while (!after.is_marked()) {  // the caller keeps this life from ending, so no other is marked
      auto found = after.word();
      const bool marked = record.link.compare_exchange(found, after.marked().word());
      after = marked ? after.marked() : TaggedLink{found};
    }
    Steps::between();
    auto found = place.link.word();
    if (place.before->compare_exchange(found, place.link.to(after.index()).word())) return;
    // The place has changed. A walk to it takes out what is marked, or finds the record gone.
    (void)locate(record.id.load(std::memory_order_relaxed));
  }

private:
  /// Goes on from `place` to where `id` is or would be; false if the list changed on the way.
  bool walk(Place& place, TaskId id) const noexcept {
    for (;;) {
      const auto index = place.link.index();
      if (index == no_record) return true;
      auto& record = records_[index];
      // (3) acquire: each load reads either what belongs to the life that `place.link` leads to, or
      // what a later life released. In the second case the change of `place.link` that ended this
      // life happened before, and the comparison below must see it.
      const TaggedLink after{record.link.load(std::memory_order_acquire)};
      const auto found_id = record.id.load(std::memory_order_acquire);
      const RecordState state{record.state.load(std::memory_order_acquire)};
      if (place.before->load(std::memory_order_relaxed) != place.link.word()) return false;

      if (after.is_marked()) {
        const auto past_it = place.link.to(after.index());
        auto expected = place.link.word();
        if (!place.before->compare_exchange(expected, past_it.word())) return false;
        place.link = past_it;
      } else if (found_id >= id) {
        if (found_id == id) {
          place.index = index;
          place.after = after;
          place.state = state;
        }
        return true;
      } else {
        place.before = &record.link;
        place.link = after;
      }
    }
  }

  [[nodiscard]] std::size_t bucket_of(TaskId id) const noexcept {
    return static_cast<std::size_t>(id_hash(id) >> shift_);
  }

  BasicRecordPool<Steps>& records_;
  mutable LazyArray<AtomicWord> buckets_;  // each the first link of its list
  unsigned shift_;
};

using ConcurrentIdTable = BasicConcurrentIdTable<NoSteps>;

}  // namespace lockbench
