#include "harness/processes/suite.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "harness/base/errors.hpp"
#include "harness/machine/facts/memory_binding.hpp"
#include "harness/plan/catalogue.hpp"
#include "harness/processes/interrupt.hpp"
#include "harness/results/precision.hpp"
#include "harness/results/summary.hpp"
#include "harness/workloads/catalogue.hpp"
#include "strategies/trait_names.hpp"

namespace lockbench {
namespace {

/// A strategy that failed in this many blocks is not tried in any other.
constexpr std::size_t blocks_before_dropped = 3;

std::string ordering_of(const std::string& strategy) {
  for (const auto& traits : strategy_catalogue()) {
    if (traits.name == strategy) return std::string(to_string(traits.ordering));
  }
  return "";
}

/// The last line of what a child wrote before it died: usually why.
std::string last_line(const std::string& text) {
  const auto end = text.find_last_not_of('\n');
  if (end == std::string::npos) return "";
  const auto begin = text.rfind('\n', end);
  return text.substr(begin == std::string::npos ? 0 : begin + 1,
                     end - (begin == std::string::npos ? 0 : begin + 1) + 1);
}

}  // namespace

Suite::Suite(const Plan& plan, const Topology& topology, std::string run_id, std::string unfit,
             ResultsDirectory& results, ProgressLine& progress, double spent_s)
    : plan_(plan),
      topology_(topology),
      run_id_(std::move(run_id)),
      unfit_(std::move(unfit)),
      results_(results),
      progress_(progress),
      // A run that was killed has noted nothing, but what it finished took its time.
      further_before_s_(std::max(spent_s, predicted_further_s())) {
  recall_failures();
}

SuiteOutcome Suite::run() {
  const auto start = Clock::now();
  SuiteOutcome outcome;
  outcome.interrupted = !run_planned() || (plan_.precision && !run_further());
  outcome.wall_s = std::chrono::duration<double>(Clock::now() - start).count();
  outcome.measured_s = measured_s_;
  outcome.further_s = further_s();
  return outcome;
}

bool Suite::run_planned() {
  for (const auto& run : plan_.order) {
    if (!results_.finished().contains({point_id(plan_.blocks[run.block].point), run.process})) {
      if (interrupted() || !run_process(run)) return false;
    }
    done_s_ += predicted_s(run);
  }
  return true;
}

bool Suite::run_further() {
  further_since_ = Clock::now();
  progress_.restart(plan_.budget_s - further_before_s_);
  while (further_s() < plan_.budget_s) {
    const auto reached = precision_reached(summarise(results_.read_rows()), *plan_.precision);
    if (reached.wide_blocks.empty()) return true;
    if (!run_round(further_round(plan_, next_processes(reached.wide_blocks)))) return false;
  }
  return true;
}

bool Suite::run_round(const std::vector<ProcessRun>& round) {
  for (const auto& run : round) {
    if (further_s() >= plan_.budget_s) return true;
    if (interrupted() || !run_process(run)) return false;
  }
  return true;
}

std::map<std::uint32_t, std::uint32_t> Suite::next_processes(
    const std::set<std::string>& block_ids) const {
  std::map<std::uint32_t, std::uint32_t> next;
  for (std::uint32_t block = 0; block < plan_.blocks.size(); ++block) {
    const auto id = point_id(plan_.blocks[block].point);
    if (!block_ids.contains(id)) continue;
    auto& process = next[block];
    while (results_.finished().contains({id, process})) ++process;
  }
  return next;
}

double Suite::further_s() const {
  if (!further_since_) return further_before_s_;
  return further_before_s_ + std::chrono::duration<double>(Clock::now() - *further_since_).count();
}

double Suite::predicted_further_s() const {
  std::map<std::string, std::uint32_t> blocks;
  for (std::uint32_t block = 0; block < plan_.blocks.size(); ++block) {
    blocks[point_id(plan_.blocks[block].point)] = block;
  }
  std::set<ProcessKey> planned;
  for (const auto& run : plan_.order) {
    planned.insert({point_id(plan_.blocks[run.block].point), run.process});
  }
  double total_s = 0;
  for (const auto& key : results_.finished()) {
    const auto block = blocks.find(key.block_id);
    if (block == blocks.end() || planned.contains(key)) continue;
    total_s += predicted_s({.block = block->second, .process = key.process});
  }
  return total_s;
}

void Suite::show(const std::string& what) {
  progress_.show(further_since_ ? further_s() - further_before_s_ : done_s_,
                 further_since_ ? what + "  for --precision" : what);
}

BlockTask Suite::task_for(const ProcessRun& run) const {
  const auto& block = plan_.blocks[run.block];
  const auto cpus = placement(topology_, block.point.pinning, block.point.threads);
  return {.run_id = run_id_,
          .block = block,
          .process = run.process,
          .windows = plan_.windows,
          .seed = run.seed,
          .per_thread = plan_.per_thread,
          .cpus = cpus,
          .memory_nodes = memory_nodes(topology_, cpus),
          .unfit = unfit_};
}

bool Suite::run_process(const ProcessRun& run) {
  BlockTask task = task_for(run);
  const std::string block_id = point_id(task.block.point);
  ProcessRecord record;
  const auto leave_out = [&](const std::string& strategy, const std::string& why) {
    std::erase_if(task.block.labels, [&](const Label& label) {
      if (label.strategy != strategy) return false;
      record.rows.push_back(failure_row(task, label, why));
      return true;
    });
  };
  for (const auto& [block, strategies] : failed_) {
    if (block != block_id) continue;
    for (const auto& strategy : strategies) leave_out(strategy, "not measured: failed here before");
  }
  for (const auto& label : plan_.blocks[run.block].labels) {
    const auto failures = std::ranges::count_if(
        failed_, [&](const auto& entry) { return entry.second.contains(label.strategy); });
    if (static_cast<std::size_t>(failures) < blocks_before_dropped) continue;
    leave_out(label.strategy, "not measured: failed in several blocks before");
  }

  const double allowance_s =
      plan_.watchdog_s + task.block.window_s + task.block.warm_up_s + task.block.capacity_window_s;
  while (!task.block.labels.empty()) {
    const auto outcome = run_child(
        task, allowance_s, [&] { show(fmt::format("{}  process {}", block_id, run.process + 1)); });
    if (outcome.end == ChildEnd::interrupted) return false;
    if (outcome.end == ChildEnd::finished) {
      const auto& rows = outcome.record.rows;
      record.rows.insert(record.rows.end(), rows.begin(), rows.end());
      record.latency_lines = outcome.record.latency_lines;
      record.thread_lines = outcome.record.thread_lines;
      measured_s_ += task.block.measured_s(plan_.windows);
      break;
    }
    if (!outcome.culprit || *outcome.culprit >= task.block.labels.size()) {
      throw failure(fmt::format("a measuring process for {} {}: {}", block_id, outcome.what,
                                last_line(outcome.error_text)));
    }
    // The block is run again without the strategy: what its companions did beside it is dropped,
    // since rows of one process are compared with each other.
    const std::string strategy = task.block.labels[*outcome.culprit].strategy;
    std::string why =
        fmt::format("{}: {}", outcome.end == ChildEnd::hung ? "hung" : "crashed", outcome.what);
    if (const auto said = last_line(outcome.error_text); !said.empty()) why += ": " + said;
    progress_.say(
        fmt::format("{} in {}: {}; measuring the block again without it", strategy, block_id, why));
    leave_out(strategy, why);
    failed_[block_id].insert(strategy);
  }
  results_.append({block_id, run.process}, record);
  return true;
}

WindowRow Suite::failure_row(const BlockTask& task, const Label& label,
                             const std::string& why) const {
  WindowRow row;
  row.run_id = run_id_;
  row.block_id = point_id(task.block.point);
  row.case_id = case_id(label, task.block.point);
  row.strategy = label.strategy;
  row.twin = label.twin;
  row.ordering = ordering_of(label.strategy);
  row.point = task.block.point;
  row.point.capacity = effective_capacity(row.point, workload_named(row.point.workload));
  row.process = task.process;
  row.window_s = task.block.window_s;
  row.warm_up_s = task.block.warm_up_s;
  row.oversubscribed = task.block.oversubscribed;
  row.seed = task.seed;
  row.cpus = cpu_map(task.cpus, task.block.point.threads);
  row.valid = false;
  row.invalid_reason = why;
  return row;
}

void Suite::recall_failures() {
  for (const auto& row : results_.read_rows()) {
    const bool failed =
        row.invalid_reason.starts_with("crashed") || row.invalid_reason.starts_with("hung");
    if (failed) failed_[row.block_id].insert(row.strategy);
  }
}

double Suite::predicted_s(const ProcessRun& run) const {
  return Plan{.blocks = {plan_.blocks[run.block]},
              .order = {{0, run.process, run.seed}},
              .windows = plan_.windows}
      .predicted_s();
}

}  // namespace lockbench
