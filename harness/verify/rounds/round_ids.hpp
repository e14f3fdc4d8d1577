#pragma once

#include <bit>
#include <cstdint>

#include "harness/base/random.hpp"
#include "strategies/storage/id_hash.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench::verify {

/// What a round's tasks are called by the queue. Histories call them by small numbers, their names,
/// which other programs can read (ids above 2^53 do not survive JSON everywhere). A bijection.
class RoundIds {
public:
  /// Ids are their names.
  constexpr RoundIds() noexcept = default;

  /// Draws a kind of ids: their names, or those counted down from the largest id; ids that share the
  /// 32 bits of hash that `IdTable` compares, and every bucket; or ids of neighbouring hashes, in half
  /// of the cases where every table has its end.
  explicit constexpr RoundIds(Random& random) noexcept {
    constexpr std::uint64_t near_the_end = 0xffff'fffc;
    switch (random.below(4)) {
      case 0: break;
      case 1: flip_ = ~TaskId{0}; break;
      case 2: hashed_ = true; break;
      default:
        hashed_ = true;
        turn_ = 32;
        break;
    }
    const auto hash = random.below(2) == 0 ? near_the_end : random.next() >> 32U;
    offset_ = hash << 32U;
  }

  [[nodiscard]] constexpr TaskId id_of(TaskId name) const noexcept {
    return hashed_ ? id_with_hash(std::rotl(name, turn_) + offset_) : name ^ flip_;
  }
  [[nodiscard]] constexpr TaskId name_of(TaskId id) const noexcept {
    return hashed_ ? std::rotr(id_hash(id) - offset_, turn_) : id ^ flip_;
  }

private:
  bool hashed_ = false;
  int turn_ = 0;
  std::uint64_t offset_ = 0;
  TaskId flip_ = 0;
};

}  // namespace lockbench::verify
