#include "harness/processes/suite.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "harness/base/errors.hpp"
#include "harness/machine/facts/memory_binding.hpp"
#include "harness/processes/interrupt.hpp"
#include "harness/results/precision.hpp"
#include "harness/results/summary.hpp"

namespace lockbench {
namespace {

/// A strategy that failed in this many blocks is not tried in any other.
constexpr std::size_t blocks_before_dropped = 3;

/// The last line that a child wrote before it died, which usually says why.
std::string last_line(const std::string& text) {
  const auto end = text.find_last_not_of('\n');
  if (end == std::string::npos) return "";
  const auto begin = text.rfind('\n', end);
  return text.substr(begin == std::string::npos ? 0 : begin + 1,
                     end - (begin == std::string::npos ? 0 : begin + 1) + 1);
}

}  // namespace

Suite::Suite(const Plan& plan, const Topology& topology, std::string run_id, std::string unfit,
             RunRecord& record, ProgressLine& progress, double spent_s)
    : plan_(plan),
      topology_(topology),
      run_id_(std::move(run_id)),
      unfit_(std::move(unfit)),
      record_(record),
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
    if (!record_.finished().contains({plan_.blocks[run.block].id, run.process})) {
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
    const auto reached = precision_reached(summarise(record_.rows()), *plan_.precision);
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
    const auto id = plan_.blocks[block].id;
    if (!block_ids.contains(id)) continue;
    auto& process = next[block];
    while (record_.finished().contains({id, process})) ++process;
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
    blocks[plan_.blocks[block].id] = block;
  }
  std::set<ProcessKey> planned;
  for (const auto& run : plan_.order) {
    planned.insert({plan_.blocks[run.block].id, run.process});
  }
  double total_s = 0;
  for (const auto& key : record_.finished()) {
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

void Suite::leave_out(BlockTask& task, ProcessRecord& record, const std::string& strategy,
                      Invalid kind, const std::string& detail) {
  std::erase_if(task.block.labels, [&](const Label& label) {
    if (label.strategy != strategy) return false;
    record.rows.push_back(row_of(task, label));
    record.rows.back().validity.add(kind, detail);
    return true;
  });
}

void Suite::leave_out_failed(BlockTask& task, ProcessRecord& record) const {
  std::map<std::string, std::size_t> failures;
  for (const auto& [block, strategies] : failed_) {
    for (const auto& strategy : strategies) {
      ++failures[strategy];
      if (block != task.block.id) continue;
      leave_out(task, record, strategy, Invalid::not_measured, "failed here before");
    }
  }
  for (const auto& [strategy, blocks] : failures) {
    if (blocks < blocks_before_dropped) continue;
    leave_out(task, record, strategy, Invalid::not_measured, "failed in several blocks before");
  }
}

bool Suite::run_process(const ProcessRun& run) {
  BlockTask task = task_for(run);
  ProcessRecord record;
  leave_out_failed(task, record);
  const double allowance_s =
      plan_.watchdog_s + task.block.window_s + task.block.warm_up_s + task.block.capacity_window_s;
  while (!task.block.labels.empty()) {
    auto outcome = run_child(task, allowance_s, [&] {
      show(fmt::format("{}  process {}", task.block.id, run.process + 1));
    });
    if (outcome.end == ChildEnd::interrupted) return false;
    if (outcome.end == ChildEnd::finished) {
      record.append(std::move(outcome.record));
      measured_s_ += task.block.measured_s(plan_.windows);
      break;
    }
    const auto said = last_line(outcome.error_text);
    if (!outcome.culprit || *outcome.culprit >= task.block.labels.size()) {
      throw failure(
          fmt::format("a measuring process for {} {}: {}", task.block.id, outcome.what, said));
    }
    // The block is run again without the strategy: what its companions did beside it is dropped,
    // since rows of one process are compared with each other.
    const std::string strategy = task.block.labels[*outcome.culprit].strategy;
    const auto kind = outcome.end == ChildEnd::hung ? Invalid::hung : Invalid::crashed;
    leave_out(task, record, strategy, kind, outcome.what + (said.empty() ? "" : ": " + said));
    progress_.say(fmt::format("{} in {}: {}; measuring the block again without it", strategy,
                              task.block.id, record.rows.back().validity.text()));
    failed_[task.block.id].insert(strategy);
  }
  record_.append({task.block.id, run.process}, std::move(record));
  return true;
}

void Suite::recall_failures() {
  for (const auto& row : record_.rows()) {
    if (row.validity.crashed_or_hung()) failed_[row.block_id].insert(row.strategy);
  }
}

double Suite::predicted_s(const ProcessRun& run) const {
  return Plan{.blocks = {plan_.blocks[run.block]},
              .order = {{0, run.process, run.seed}},
              .windows = plan_.windows}
      .predicted_s();
}

}  // namespace lockbench
