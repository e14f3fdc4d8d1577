#pragma once

/// The parent's side of one child: starts it, reads its rows, watches its clock, and says how it
/// ended.

#include <cstdint>
#include <functional>
#include <optional>

#include "harness/engine/block_task.hpp"
#include "harness/processes/child.hpp"
#include "harness/results/process_record.hpp"

namespace lockbench {

struct BlockOutcome {
  ChildOutcome child;  ///< without its output, which the next two were read from
  ProcessRecord record;
  std::optional<std::uint32_t> culprit;  ///< label whose window was under way
};

/// Runs one child to its end. `tick` is called a few times a second meanwhile.
/// `allowance_s`: longest time from one window's begin to the next. Throws `Error` when no process
/// can be started.
[[nodiscard]] BlockOutcome run_child(const BlockTask& task, double allowance_s,
                                     const std::function<void()>& tick);

/// The child's side: reads a task from standard input, runs it, and sends each window as it ends.
/// Returns the child's exit code.
int child_main();

}  // namespace lockbench
