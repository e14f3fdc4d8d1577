#pragma once

#include <cstdint>

#include "strategies/task_queue.hpp"

namespace lockbench {

/// 2^64 divided by the golden ratio, as an odd number.
inline constexpr std::uint64_t id_multiplier = 0x9e37'79b9'7f4a'7c15U;

/// Multiplicative hashing (Knuth, TAOCP vol. 3, section 6.4): consecutive ids spread evenly over the
/// upper bits, which tables use. The fold lets the upper half of an id count as well, where callers
/// may keep a worker's number.
[[nodiscard]] constexpr std::uint64_t id_hash(TaskId id) noexcept {
  return (id ^ (id >> 32U)) * id_multiplier;
}

/// Returns the id that has this hash: no other id has the same 64 bits, but 2^32 ids share their upper
/// half. For tests, which choose ids that collide in tables.
[[nodiscard]] constexpr TaskId id_with_hash(std::uint64_t hash) noexcept {
  // Newton's iteration: an odd number is its own inverse modulo 8, and each turn doubles the bits.
  std::uint64_t inverse = id_multiplier;
  for (int turn = 0; turn < 5; ++turn) inverse *= 2 - id_multiplier * inverse;
  const std::uint64_t folded = hash * inverse;
  return folded ^ (folded >> 32U);
}

}  // namespace lockbench
