#pragma once

/// From a request to the blocks, processes and order of a run: pure, and the same for the same
/// request, seed and machine size.

#include <cstdint>
#include <string>
#include <vector>

#include "harness/plan/request.hpp"

namespace lockbench {

/// One line of a block: a strategy, and whether this is its second label (A/A).
struct Label {
  std::string strategy;
  bool twin = false;
  bool operator==(const Label&) const = default;
};

/// One parameter point with everything that is measured there together.
struct Block {
  CaseParameters point;
  std::vector<Label> labels;
  double window_s = 0;
  double warm_up_s = 0;
  bool oversubscribed = false;
};

/// One fresh process: one replicate of one block.
struct ProcessRun {
  std::uint32_t block = 0;    ///< index into Plan::blocks
  std::uint32_t process = 0;  ///< 0 … processes - 1
  std::uint64_t seed = 0;
  bool operator==(const ProcessRun&) const = default;
};

struct Plan {
  std::vector<Block> blocks{};
  std::vector<ProcessRun> order{};  ///< in the random order in which they are run
  std::uint32_t windows = 0;        ///< of every label, per process
  double watchdog_s = 0;

  /// Seconds of window and warm-up.
  [[nodiscard]] double measured_s() const;
  /// Expected wall time in seconds, orchestration included.
  [[nodiscard]] double predicted_s() const;
};

/// Throws `Error` (usage) when a combination cannot be measured, e.g. a prefill beyond capacity.
/// `usable_cpus` > 0: a team of more threads is oversubscribed.
[[nodiscard]] Plan make_plan(const Request& request, double usable_cpus);

/// `rwlock/mixed/threads:4/read_ratio:0.5`; twins end in `@twin`.
[[nodiscard]] std::string case_id(const Label& label, const CaseParameters& point);

}  // namespace lockbench
