#pragma once

/// What a thread counts while it works on a queue: plain values that add up.

#include <cstdint>

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
};

/// Steps of calibrated work that a thread has done.
struct WorkDone {
  std::uint64_t critical_steps = 0;  ///< under the queue's lock
  std::uint64_t think_steps = 0;     ///< between operations
  std::uint64_t task_steps = 0;      ///< for tasks taken
};

/// Calls `combine(count, other's count)` for each count of two values of one of the types above.
constexpr void for_each_count(Tally& one, const Tally& other, auto&& combine) {
  for (const auto count :
       {&Tally::reads, &Tally::adds, &Tally::takes, &Tally::completions, &Tally::forgets,
        &Tally::cancels, &Tally::empty_takes, &Tally::full_adds, &Tally::late_cancels}) {
    combine(one.*count, other.*count);
  }
}
constexpr void for_each_count(Contradictions& one, const Contradictions& other, auto&& combine) {
  for (const auto count : {&Contradictions::refused_new_ids, &Contradictions::double_hand_outs,
                           &Contradictions::refused_forgets, &Contradictions::wrong_statuses}) {
    combine(one.*count, other.*count);
  }
}
constexpr void for_each_count(WorkDone& one, const WorkDone& other, auto&& combine) {
  for (const auto count :
       {&WorkDone::critical_steps, &WorkDone::think_steps, &WorkDone::task_steps}) {
    combine(one.*count, other.*count);
  }
}

template <class Counts>
concept Countable = requires(Counts& counts) {
  for_each_count(counts, counts, [](std::uint64_t&, std::uint64_t) {});
};

template <Countable Counts>
constexpr Counts& operator+=(Counts& sum, const Counts& other) noexcept {
  for_each_count(sum, other, [](std::uint64_t& count, std::uint64_t more) { count += more; });
  return sum;
}
/// What was counted since `earlier`.
template <Countable Counts>
[[nodiscard]] constexpr Counts operator-(Counts later, const Counts& earlier) noexcept {
  for_each_count(later, earlier, [](std::uint64_t& count, std::uint64_t less) { count -= less; });
  return later;
}

}  // namespace lockbench
