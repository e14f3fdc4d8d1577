#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "harness/verify/history/history.hpp"

namespace lockbench::verify {

/// How far hand-outs were from the order of priorities.
///
/// The rank error of a take is the number of tasks of higher priority that certainly were queued
/// during all of it: their inner segments contain its interval. The true error, at the instant at which
/// the take had its effect, is at least as large. A strict priority queue has none.
struct RankError {
  std::size_t takes = 0;       ///< calls that handed out a task
  std::size_t worst_take = 0;  ///< index of a take with the largest error; 0 when there is no take
  std::uint64_t max = 0;
  double mean = 0.0;  ///< over `takes`; 0 when there is none

  bool operator==(const RankError&) const = default;
};

/// Returns the rank errors of a history. Tasks that a take which never returned may have taken do not
/// count from then on. If tasks are not conserved or not distinct, hand-outs from the first flaw on are
/// left out: see `check_conservation` first. O(n log² n), by counting dominated points (Bentley,
/// "Multidimensional divide-and-conquer", CACM 1980). Pure.
[[nodiscard]] RankError rank_error(std::span<const Operation> history);

}  // namespace lockbench::verify
