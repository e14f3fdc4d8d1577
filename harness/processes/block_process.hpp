#pragma once

/// The parent's side of one child: starts it, reads its rows, watches its clock, and says how it
/// ended.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/engine/block_task.hpp"
#include "harness/results/results_directory.hpp"

namespace lockbench {

enum class ChildEnd : std::uint8_t {
  finished,
  crashed,      ///< ended by a signal, or with an error
  hung,         ///< a window took longer than the watchdog allows; killed
  interrupted,  ///< this process was asked to stop; killed
};

struct ChildOutcome {
  ChildEnd end = ChildEnd::finished;
  ProcessRecord record;
  std::optional<std::uint32_t> culprit;  ///< label whose window was under way
  std::string what;                      ///< `killed by signal 6 (Aborted)`, `no end after 10.2 s`
  std::string error_text;                ///< the end of what it wrote on its standard error
};

/// Runs one child to its end. `tick` is called a few times a second meanwhile.
/// `allowance_s`: longest time from one window's begin to the next. Throws `Error` when no process
/// can be started.
[[nodiscard]] ChildOutcome run_child(const BlockTask& task, double allowance_s,
                                     const std::function<void()>& tick);

/// What the child itself does: reads a task from standard input, runs it, prints its lines.
/// Returns its exit code.
int child_main();

}  // namespace lockbench
