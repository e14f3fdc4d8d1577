#pragma once

/// A whole run: the plan's processes one after the other, each recorded as it ends.

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/machine/topology.hpp"
#include "harness/plan/plan.hpp"
#include "harness/recorder/results_directory.hpp"
#include "harness/run/child_process.hpp"
#include "harness/run/progress_line.hpp"

namespace lockbench {

/// How a run ended, and what its time went into.
struct SuiteOutcome {
  bool interrupted = false;
  double wall_s = 0;
  double measured_s = 0;  ///< windows and warm-ups of the processes that this call ran
};

class Suite {
public:
  /// `unfit` is the reason why no row may be used; empty when rows may.
  Suite(const Plan& plan, const Topology& topology, std::string run_id, std::string unfit,
        ResultsDirectory& results, ProgressLine& progress);

  /// Runs what is not finished yet. Throws `Error` when nothing can be measured or recorded.
  [[nodiscard]] SuiteOutcome run();

private:
  [[nodiscard]] BlockTask task_for(const ProcessRun& run) const;
  /// Runs a process to a recorded end, without the strategies that fail in it. False when
  /// interrupted.
  bool run_process(const ProcessRun& run);
  WindowRow failure_row(const BlockTask& task, const Label& label, const std::string& why) const;
  void recall_failures();
  [[nodiscard]] double predicted_s(const ProcessRun& run) const;

  const Plan& plan_;
  const Topology& topology_;
  std::string run_id_;
  std::string unfit_;
  ResultsDirectory& results_;
  ProgressLine& progress_;
  double done_s_ = 0;
  double measured_s_ = 0;
  /// Strategies that crashed or hung, by block: not tried there again.
  std::map<std::string, std::set<std::string>> failed_;
};

}  // namespace lockbench
