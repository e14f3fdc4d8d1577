#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace lockbench {

/// How many tasks are queued and processing, and whether more may be added: one word, so that
/// closing and adding have one order. An add that was counted before the queue closed is waited for
/// by everyone who asks whether something is queued; one that came after is refused.
///
/// Lock-free; any thread may call.
class TaskCounts {
public:
  /// The counts at one moment.
  class View {
  public:
    explicit View(std::uint64_t word) noexcept : word_{word} {}
    /// Includes adds under way.
    [[nodiscard]] std::size_t queued() const noexcept {
      return static_cast<std::size_t>((word_ & ~closed_bit) >> field_bits);
    }
    [[nodiscard]] bool is_closed() const noexcept { return (word_ & closed_bit) != 0; }
    /// Nothing queued, nothing processing.
    [[nodiscard]] bool is_idle() const noexcept { return (word_ & ~closed_bit) == 0; }

  private:
    std::uint64_t word_;
  };

  [[nodiscard]] View view() const noexcept {
    // (1) acquire: pairs with (2), so that who sees nothing left sees what was done as well.
    return View{word_.load(std::memory_order_acquire)};
  }

  /// Counts a task as queued before anyone can find it; false, and nothing counted, once closed.
  bool begin_add() noexcept {
    if (!View{change(one_queued)}.is_closed()) return true;
    change(-one_queued);
    return false;
  }

  /// Each is called after the task has made the step. Where another thread makes and counts the next
  /// step first, `processing` is below zero for a moment and borrows from `queued`, which is short by
  /// just the task that has left it. The word is never zero by such an accident.
  void taken() noexcept { change(one_processing - one_queued); }
  void completed() noexcept { change(-one_processing); }
  void removed_from_queue() noexcept { change(-one_queued); }

  /// True for the first call only.
  bool close() noexcept {
    return !View{word_.fetch_or(closed_bit, std::memory_order_acq_rel)}.is_closed();
  }

private:
  // | closed | 31 bits of queued | 32 bits of processing |
  static constexpr unsigned field_bits = 32;
  static constexpr std::uint64_t closed_bit = 1ULL << 63U;
  static constexpr std::uint64_t one_processing = 1;
  static constexpr std::uint64_t one_queued = one_processing << field_bits;

  std::uint64_t change(std::uint64_t by) noexcept {
    return word_.fetch_add(by, std::memory_order_acq_rel);  // (2) releases: pairs with (1)
  }

  std::atomic<std::uint64_t> word_{0};
};

}  // namespace lockbench
