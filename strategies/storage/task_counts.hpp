#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "strategies/storage/thread_index.hpp"

namespace lockbench {

/// How many tasks are queued and processing, and whether more may be added.
///
/// Each thread counts in a shard, so that threads do not take one line from each other. A shard
/// counts events, and its counts only grow: tasks added, tasks that left the queue, and tasks that
/// ended. Threads beyond the first 63 that live at once share the last shard.
///
/// A sum over shards is no snapshot, and need not be. What left (or ended) is summed first and what
/// was added afterwards, and whoever sees that a task left sees its add. So at the moment between
/// the two sums no fewer have left, and no more were added, than the sums say: if the sums are
/// equal, nothing was queued at that moment. If they differ, the difference is exact if nothing left
/// while the adds were summed, and otherwise may count adds that came meanwhile, too.
///
/// Closing and adding have one order, by two words that each side visits in the opposite order: an
/// add counts itself and then looks for the close, closing comes before any look at the counts. So
/// an add that was counted before the queue closed is waited for by everyone who asks whether
/// something is queued; one that came after is refused, but counts as queued for a moment. So callers
/// look first, or else threads that try again and again would look like tasks.
///
/// Lock-free; any thread may call. Sums cost O(shards), which is a constant.
class TaskCounts {
public:
  /// Tasks queued at some moment of the call, adds under way included. Looks again if tasks leave
  /// while it sums, and after the last look may say too many, but never 0 unless it is.
  [[nodiscard]] std::size_t queued() const noexcept {
    constexpr unsigned looks = 16;
    auto least = std::numeric_limits<std::uint64_t>::max();
    auto left = sum(&Shard::left);
    for (unsigned look = 0; look < looks; ++look) {
      const auto difference = sum(&Shard::added) - left;
      const auto left_since = sum(&Shard::left);
      if (left_since == left) return static_cast<std::size_t>(difference);
      least = std::min(least, difference);
      left = left_since;
    }
    return static_cast<std::size_t>(least);
  }
  /// Nothing was queued and nothing was processing at some moment of the call.
  [[nodiscard]] bool is_idle() const noexcept {
    const auto ended = sum(&Shard::ended);
    return sum(&Shard::added) == ended;
  }
  [[nodiscard]] bool is_closed() const noexcept {
    return closed_.load(std::memory_order_seq_cst);  // (5)
  }

  /// Counts a task as queued before anyone can find it; false, and nothing stays counted, once closed.
  bool begin_add() noexcept {
    // (3), (4) sequentially consistent, like (5), (6) and (7): if (4) finds the queue open, it comes
    // before (6) in their one order, and so whoever then sees the queue closed in (5) sees (3) in (7).
    shards_[own()].added.fetch_add(1, std::memory_order_seq_cst);  // (3)
    if (!closed_.load(std::memory_order_seq_cst)) [[likely]] {     // (4)
      return true;
    }
    removed_from_queue();
    return false;
  }

  /// Each is called after the task has made the step.
  void taken() noexcept { count(&Shard::left); }
  void completed() noexcept { count(&Shard::ended); }
  void removed_from_queue() noexcept {
    count(&Shard::left);
    count(&Shard::ended);
  }

  /// True for the first call only.
  bool close() noexcept { return !closed_.exchange(true, std::memory_order_seq_cst); }  // (6)

private:
  using Count = std::atomic<std::uint64_t>;
  /// Alone on its line, and on the one that the CPU may fetch with it.
  struct alignas(128) Shard {
    Count added{0};
    Count left{0};   ///< taken, cancelled, or refused after all
    Count ended{0};  ///< completed, cancelled, or refused after all
  };

  static constexpr std::uint32_t shard_count = 64;

  /// Which shard this thread counts in: the last is shared, all others have one writer at a time.
  static std::uint32_t own() noexcept { return std::min(ThreadIndex::mine(), shard_count - 1); }

  void count(Count Shard::*events) noexcept {
    const auto shard = own();
    auto& events_here = shards_[shard].*events;
    // (2) release: pairs with (1). The only writer of a count needs no atomic addition.
    if (shard != shard_count - 1) [[likely]] {
      events_here.store(events_here.load(std::memory_order_relaxed) + 1, std::memory_order_release);
    } else {
      events_here.fetch_add(1, std::memory_order_release);
    }
  }

  [[nodiscard]] std::uint64_t sum(Count Shard::*events) const noexcept {
    std::uint64_t total = 0;
    for (const auto& shard : shards_) {
      // (1) acquire: pairs with (2), so whoever sees that a task left sees its add, and whoever sees
      // nothing left sees what was done as well. Sequentially consistent because of (7): see (3).
      total += (shard.*events).load(std::memory_order_seq_cst);
    }
    return total;
  }

  std::atomic<bool> closed_{false};  // read by every add, so on no line that others write
  std::array<Shard, shard_count> shards_{};
};

}  // namespace lockbench
