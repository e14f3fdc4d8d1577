#pragma once

/// What a thread counts while it works on a queue: plain values that add up.

#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <cstdint>
#include <functional>

#include "harness/base/random.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {

/// Order-independent fingerprint of a multiset of task ids. Equal multisets have equal fingerprints;
/// unequal ones differ but for a chance of 2^-64.
struct IdChecksum {
  std::uint64_t sum = 0;
  void include(TaskId id) noexcept { sum += mixed_bits(id); }
};

/// Calls that one thread made, by outcome. Only calls that succeeded are operations.
struct Tally {
  std::uint64_t reads = 0;
  std::uint64_t adds = 0;
  std::uint64_t takes = 0;
  std::uint64_t completions = 0;
  std::uint64_t forgets = 0;
  std::uint64_t cancels = 0;
  std::uint64_t empty_takes = 0;   ///< takes that found nothing
  std::uint64_t full_adds = 0;     ///< adds refused for want of room
  std::uint64_t late_cancels = 0;  ///< cancels that came after another thread had taken the task

  [[nodiscard]] std::uint64_t writes() const noexcept {
    return adds + takes + completions + forgets + cancels;
  }
  [[nodiscard]] std::uint64_t operations() const noexcept { return reads + writes(); }
};

/// Answers that a correct queue cannot give to the thread that asked.
struct Contradictions {
  std::uint64_t refused_new_ids = 0;   ///< a fresh id was called a duplicate
  std::uint64_t double_hand_outs = 0;  ///< a task just handed out to us was not ours to complete
  std::uint64_t refused_forgets = 0;   ///< a task just completed by us could not be forgotten
  std::uint64_t wrong_statuses = 0;    ///< a task in progress was said to be anything else
  bool operator==(const Contradictions&) const = default;
};

/// Steps of calibrated work that a thread has done.
struct WorkDone {
  std::uint64_t critical_steps = 0;  ///< under the queue's lock
  std::uint64_t think_steps = 0;     ///< between operations
  std::uint64_t task_steps = 0;      ///< for tasks taken
};

/// The types above, whose members are all counts.
template <class Counts>
concept Countable = std::same_as<Counts, Tally> || std::same_as<Counts, Contradictions> ||
    std::same_as<Counts, WorkDone>;

/// Combines each count of one value with the same count of the other.
template <Countable Counts>
constexpr Counts combined(const Counts& one, const Counts& other, auto combine) noexcept {
  using Array = std::array<std::uint64_t, sizeof(Counts) / sizeof(std::uint64_t)>;
  auto counts = std::bit_cast<Array>(one);
  std::ranges::transform(counts, std::bit_cast<Array>(other), counts.begin(), combine);
  return std::bit_cast<Counts>(counts);
}

template <Countable Counts>
constexpr Counts& operator+=(Counts& sum, const Counts& other) noexcept {
  return sum = combined(sum, other, std::plus<>());
}
/// What was counted since `earlier`.
template <Countable Counts>
[[nodiscard]] constexpr Counts operator-(const Counts& later, const Counts& earlier) noexcept {
  return combined(later, earlier, std::minus<>());
}

}  // namespace lockbench
