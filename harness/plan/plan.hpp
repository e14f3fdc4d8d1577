#pragma once

/// Turns a request into the blocks, processes and order of a run. Pure: the same request, seed and
/// machine size give the same plan.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/engine/block_task.hpp"
#include "harness/plan/request.hpp"

namespace lockbench {

/// One fresh process: one replicate of one block.
struct ProcessRun {
  std::uint32_t block = 0;    ///< index into Plan::blocks
  std::uint32_t process = 0;  ///< 0 … processes - 1; further ones go on from there
  std::uint64_t seed = 0;
  bool operator==(const ProcessRun&) const = default;
};

struct Plan {
  std::vector<Block> blocks{};
  std::vector<ProcessRun> order{};  ///< in the random order in which they are run
  std::uint32_t windows = 0;        ///< of every label, per process; see Block::windows_of_label
  double watchdog_s = 0;
  bool per_thread = false;    ///< a row for each thread is recorded too
  std::uint32_t layouts = 0;  ///< how many layouts of the measuring code processes are spread over

  std::uint64_t seed = 0;
  /// As in the request.
  std::optional<double> precision{};
  /// Seconds of wall time for processes beyond `order`; 0 without a precision to reach.
  double budget_s = 0;

  /// Seconds of all windows and warm-ups.
  [[nodiscard]] double measured_s() const;
  /// Expected wall time in seconds, including what the processes take besides.
  [[nodiscard]] double predicted_s() const;
};

/// Plans a run. Throws `Error` (usage) when a combination cannot be measured, e.g. when a prefill
/// exceeds the capacity. `usable_cpus` > 0: a team of more threads is oversubscribed.
[[nodiscard]] Plan make_plan(const Request& request, double usable_cpus);

/// Returns the layout that a process runs in, from 1; 0 when the plan has none. A block's processes draw
/// each layout once, in random order, before any is drawn again.
[[nodiscard]] std::uint32_t layout_of(const Plan& plan, const ProcessRun& run);

/// Returns one further process of each block of `next_processes`, which maps the block's index to
/// the number of that process. The order is random, and the same for the same plan and numbers.
[[nodiscard]] std::vector<ProcessRun> further_round(
    const Plan& plan, const std::map<std::uint32_t, std::uint32_t>& next_processes);

/// Returns the name of a point, and so of its block, readable and unique:
/// `mixed/threads:4/read_ratio:0.5`, with every parameter that its workload uses and that differs
/// from its default.
[[nodiscard]] std::string point_id(const CaseParameters& point);

}  // namespace lockbench
