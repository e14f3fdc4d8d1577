#pragma once

#include <cstdint>

#include "strategies/task_queue.hpp"

namespace lockbench {

/// The state word of a record: which life of the record this is, what its task is doing, and which
/// two of the ways to the record are gone. Because the life is part of the word, no exchange that
/// expects a state of one life can ever hit another.
class RecordState {
public:
  enum class Phase : std::uint8_t { unused, queued, processing, completed, cancelled, forgotten };

  constexpr RecordState() noexcept = default;
  explicit constexpr RecordState(std::uint64_t word) noexcept : word_{word} {}

  [[nodiscard]] constexpr std::uint64_t word() const noexcept { return word_; }
  [[nodiscard]] constexpr Phase phase() const noexcept {
    return static_cast<Phase>(word_ & phase_mask);
  }
  /// The FIFO has given the record out again.
  [[nodiscard]] constexpr bool has_left_fifo() const noexcept { return (word_ & left_fifo) != 0; }
  /// The id table does not lead to the record any more.
  [[nodiscard]] constexpr bool has_left_table() const noexcept { return (word_ & left_table) != 0; }

  /// The first state of the record's next life.
  [[nodiscard]] constexpr RecordState reborn() const noexcept {
    return RecordState{((word_ & life_mask) + one_life) |
                       static_cast<std::uint64_t>(Phase::queued)};
  }
  [[nodiscard]] constexpr RecordState in(Phase phase) const noexcept {
    return RecordState{(word_ & ~phase_mask) | static_cast<std::uint64_t>(phase)};
  }
  [[nodiscard]] constexpr RecordState out_of_fifo() const noexcept {
    return RecordState{word_ | left_fifo};
  }

  static constexpr std::uint64_t left_fifo = 1U << 3U;
  static constexpr std::uint64_t left_table = 1U << 4U;

private:
  // | 59 bits of life | left_table | left_fifo | 3 bits of phase |
  static constexpr std::uint64_t phase_mask = left_fifo - 1;
  static constexpr std::uint64_t one_life = left_table << 1U;
  static constexpr std::uint64_t life_mask = ~(one_life - 1);

  std::uint64_t word_ = 0;
};

/// What the contract calls a phase.
constexpr TaskStatus status_of(RecordState::Phase phase) noexcept {
  using enum RecordState::Phase;
  switch (phase) {
    case queued: return TaskStatus::queued;
    case processing: return TaskStatus::processing;
    case completed: return TaskStatus::completed;
    case cancelled: return TaskStatus::cancelled;
    case unused:
    case forgotten: break;
  }
  return TaskStatus::unknown;
}

}  // namespace lockbench
