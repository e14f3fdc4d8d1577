#pragma once

#include <cstdint>

#include "strategies/task_queue.hpp"

namespace lockbench {

/// The state word of a record: which life of the record this is, its task's status, and which of the
/// two ways to the record are gone. Because the life is part of the word, no exchange that expects a
/// state of one life can ever hit another.
class RecordState {
public:
  constexpr RecordState() noexcept = default;
  explicit constexpr RecordState(std::uint64_t word) noexcept : word_{word} {}

  [[nodiscard]] constexpr std::uint64_t word() const noexcept { return word_; }
  /// `unknown` before the first life, and from when the task is forgotten until the next.
  [[nodiscard]] constexpr TaskStatus status() const noexcept {
    return static_cast<TaskStatus>(word_ & status_mask);
  }
  /// The FIFO has given the record out again.
  [[nodiscard]] constexpr bool has_left_fifo() const noexcept { return (word_ & left_fifo) != 0; }
  /// The id table does not lead to the record any more.
  [[nodiscard]] constexpr bool has_left_table() const noexcept { return (word_ & left_table) != 0; }

  /// The first state of the record's next life.
  [[nodiscard]] constexpr RecordState reborn() const noexcept {
    return RecordState{((word_ & life_mask) + one_life) |
                       static_cast<std::uint64_t>(TaskStatus::queued)};
  }
  [[nodiscard]] constexpr RecordState in(TaskStatus status) const noexcept {
    return RecordState{(word_ & ~status_mask) | static_cast<std::uint64_t>(status)};
  }
  [[nodiscard]] constexpr RecordState out_of_fifo() const noexcept {
    return RecordState{word_ | left_fifo};
  }

  static constexpr std::uint64_t left_fifo = 1U << 3U;
  static constexpr std::uint64_t left_table = 1U << 4U;

private:
  // | 59 bits of life | left_table | left_fifo | 3 bits of status |
  static constexpr std::uint64_t status_mask = left_fifo - 1;
  static constexpr std::uint64_t one_life = left_table << 1U;
  static constexpr std::uint64_t life_mask = ~(one_life - 1);

  std::uint64_t word_ = 0;
};

}  // namespace lockbench
