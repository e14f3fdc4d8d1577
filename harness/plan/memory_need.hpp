#pragma once

/// Predicts what memory a plan takes, so that one which cannot fit is refused before anything is
/// measured. Pure.

#include <string>

#include "harness/machine/facts/memory_room.hpp"
#include "harness/plan/plan.hpp"

namespace lockbench {

/// What a measuring process of one block is certain to write to, in bytes, whatever its strategies are.
/// Processes run one at a time, and have one queue at a time.
struct MemoryNeed {
  double tasks = 0;    ///< those that are queued before the window, with their payloads
  double threads = 0;  ///< stacks, and histograms where operations are timed
  double process = 0;  ///< the program itself
  [[nodiscard]] double total() const noexcept { return tasks + threads + process; }
};
[[nodiscard]] MemoryNeed memory_need(const Block& block);

/// What the queue of a block takes once it has been full, in bytes: queues get their memory from the
/// kernel as they come to use it, so most never do.
[[nodiscard]] double full_queue_bytes(const Block& block);

/// Throws `Error` (usage) when a block needs more than there is: it names the block, what it needs, what
/// there is, and the options that lower the need.
void refuse_too_large(const Plan& plan, const MemoryRoom& room);

/// Says that a block's queue would not fit if it came to be full; empty where each would.
[[nodiscard]] std::string warning_of_full_queues(const Plan& plan, const MemoryRoom& room);

}  // namespace lockbench
