#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "strategies/storage/id_hash.hpp"
#include "strategies/storage/lazy_array.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {

/// Index of a task's record.
using Slot = std::uint32_t;
inline constexpr Slot no_slot = ~Slot{0};

/// Finds the record of an id: open addressing with linear probing, at most half full. Deletion
/// shifts later entries back (Knuth, TAOCP vol. 3, section 6.4, Algorithm R), so no tombstones
/// ever slow down a long run.
///
/// An entry is 8 bytes, a slot and half a hash; the ids themselves stay in the caller's records,
/// which `id_of(slot)` reads. Unsynchronised; allocates only when constructed.
class IdTable {
public:
  /// Where an id is, or where it would go.
  struct Place {
    std::size_t index;
    std::uint32_t hash;
    Slot slot;  ///< `no_slot`: the id is not there
  };

  /// Room for `capacity` ids, 1 to 2^30.
  explicit IdTable(std::size_t capacity)
      : entries_{std::bit_ceil(2 * capacity)},
        mask_{entries_.size() - 1},
        shift_{static_cast<unsigned>(32 - std::countr_zero(entries_.size()))} {}

  /// Amortised O(1). The place is good until the table is next changed.
  [[nodiscard]] Place locate(TaskId id, auto&& id_of) const noexcept {
    const auto hash = hash_of(id);
    for (auto index = home_of(hash);; index = (index + 1) & mask_) {
      const auto entry = entries_[index];
      if (entry == vacant) return {index, hash, no_slot};
      if (hash_in(entry) == hash && id_of(slot_in(entry)) == id) {
        return {index, hash, slot_in(entry)};
      }
    }
  }

  /// Puts `slot` where `locate` found no entry.
  void occupy(const Place& place, Slot slot) noexcept {
    entries_[place.index] = (std::uint64_t{place.hash} << 32U) | (slot + 1U);
  }

  /// Takes out the entry that `locate` found.
  void vacate(const Place& place) noexcept {
    auto hole = place.index;
    for (auto index = (hole + 1) & mask_;; index = (index + 1) & mask_) {
      const auto entry = entries_[index];
      if (entry == vacant) break;
      // It may move back into the hole unless its search begins after it.
      const auto way_from_home = (index - home_of(hash_in(entry))) & mask_;
      const auto way_from_hole = (index - hole) & mask_;
      if (way_from_home >= way_from_hole) {
        entries_[hole] = entry;
        hole = index;
      }
    }
    entries_[hole] = vacant;
  }

private:
  static constexpr std::uint64_t vacant = 0;

  static constexpr std::uint32_t hash_of(TaskId id) noexcept {
    return static_cast<std::uint32_t>(id_hash(id) >> 32U);
  }
  [[nodiscard]] std::size_t home_of(std::uint32_t hash) const noexcept {
    return std::size_t{hash} >> shift_;
  }
  static constexpr std::uint32_t hash_in(std::uint64_t entry) noexcept {
    return static_cast<std::uint32_t>(entry >> 32U);
  }
  static constexpr Slot slot_in(std::uint64_t entry) noexcept {
    return static_cast<Slot>(entry) - 1U;
  }

  LazyArray<std::uint64_t> entries_;
  std::size_t mask_;
  unsigned shift_;
};

}  // namespace lockbench
