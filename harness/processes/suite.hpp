#pragma once

/// A whole run: the plan's processes one after the other, each recorded as it ends.

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/base/text/progress_line.hpp"
#include "harness/machine/facts/topology.hpp"
#include "harness/plan/plan.hpp"
#include "harness/processes/block_process.hpp"
#include "harness/results/run_record.hpp"

namespace lockbench {

/// How a run ended, and how its time was spent.
struct SuiteOutcome {
  bool interrupted = false;
  double wall_s = 0;
  double measured_s = 0;  ///< windows and warm-ups of the processes that this call ran
  double further_s = 0;   ///< wall time that went into processes beyond the planned ones, so far
};

/// What the rows of a run say about where they come from.
struct RunNames {
  std::string run_id;
  std::string machine_kind{};
  std::string machine{};
};

class Suite {
public:
  /// `unfit` is the reason why no row may be used; empty when rows may. `spent_s`: how much of the
  /// plan's budget an interrupted run has noted as spent.
  Suite(const Plan& plan, const Topology& topology, RunNames names, std::string unfit,
        RunRecord& record, ProgressLine& progress, double spent_s = 0);

  /// Runs what is not finished yet; then, if the plan has a precision to reach, round after round of
  /// further processes where it is not reached, until it is or the budget is spent. Throws `Error`
  /// when nothing can be measured or recorded.
  [[nodiscard]] SuiteOutcome run();

private:
  using Clock = std::chrono::steady_clock;

  /// False when interrupted, like the next.
  bool run_planned();
  bool run_further();
  /// The number of the process that comes next, by index of the block, for blocks with these ids.
  [[nodiscard]] std::map<std::uint32_t, std::uint32_t> next_processes(
      const std::set<std::string>& block_ids) const;
  /// Wall time of all further processes, in seconds.
  [[nodiscard]] double further_s() const;
  /// The time that the finished ones among them must have taken.
  [[nodiscard]] double predicted_further_s() const;
  void show(const std::string& what);
  [[nodiscard]] BlockTask task_for(const ProcessRun& run) const;
  /// Runs a process to a recorded end, without the strategies that fail in it. False when
  /// interrupted.
  bool run_process(const ProcessRun& run);
  /// Leaves out the strategies that failed in this block before, or in several others, and those that
  /// ran out of memory in it.
  void leave_out_failed(BlockTask& task, ProcessRecord& record) const;
  /// Expected wall time of one process of the block, in seconds.
  [[nodiscard]] double predicted_s(const Block& block) const;

  const Plan& plan_;
  const Topology& topology_;
  RunNames names_;
  std::string unfit_;
  RunRecord& record_;
  ProgressLine& progress_;
  double done_s_ = 0;
  double measured_s_ = 0;
  double further_before_s_;  ///< spent on further processes before this call
  std::optional<Clock::time_point> further_since_;
  /// Strategies that crashed or hung, by block: not tried there again.
  std::map<std::string, std::set<std::string>> failed_;
  /// Those that ran out of memory in this call, which may have more than an earlier one had. That is no
  /// failure, so other blocks try them.
  std::map<std::string, std::set<std::string>> out_of_memory_;
};

}  // namespace lockbench
