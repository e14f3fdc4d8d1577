#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "harness/base/random.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench::verify {

/// What a task of a round carries. Length and bytes follow from its id and priority, so that whoever is
/// handed the task can tell whether they are its own; a record that is used again gets others.
class TaskPayload {
public:
  static constexpr std::uint32_t longest = 24;  ///< the limit of the queues of all rounds

  /// Often empty or of the longest length. `too_long`: longer than that, by one byte or by a few.
  constexpr TaskPayload(TaskId id, int priority, bool too_long = false) noexcept {
    Random random(mixed_bits(id) + static_cast<std::uint32_t>(priority));
    switch (random.below(4)) {
      case 0: size_ = 0; break;
      case 1: size_ = longest; break;
      default: size_ = random.below(longest + 1); break;
    }
    if (too_long) size_ = longest + 1 + random.below(excess) / 2;
    for (auto& byte : bytes_) byte = static_cast<std::byte>(random.next());
  }

  [[nodiscard]] Payload bytes() const noexcept { return Payload(bytes_).first(size_); }

private:
  static constexpr std::uint32_t excess = 8;

  std::array<std::byte, longest + excess> bytes_{};
  std::size_t size_ = 0;
};

}  // namespace lockbench::verify
