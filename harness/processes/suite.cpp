#include "harness/processes/suite.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "harness/base/errors.hpp"
#include "harness/processes/interrupt.hpp"
#include "harness/results/precision.hpp"
#include "harness/results/summary.hpp"

namespace lockbench {
namespace {

/// A strategy that failed in this many blocks is not tried in any other.
constexpr std::size_t blocks_before_dropped = 3;

/// The last line that a child wrote before it died, which usually says why.
std::string_view last_line(std::string_view text) {
  text = text.substr(0, text.find_last_not_of('\n') + 1);
  return text.substr(text.rfind('\n') + 1);  // npos + 1 is 0: then the text is one line
}

/// Takes a strategy out of the task, and enters a row for each of its labels that says why.
void leave_out(BlockTask& task, ProcessRecord& record, const std::string& strategy, Invalid kind,
               const std::string& detail) {
  std::erase_if(task.block.labels, [&](const Label& label) {
    if (label.strategy != strategy) return false;
    record.rows.push_back(row_of(task, label));
    record.rows.back().validity.add(kind, detail);
    return true;
  });
}

/// Returns the strategies to leave out when a process that did not finish is repeated; none: do not
/// repeat it. Usually that is the one whose window was under way. When memory ran out, it is all of them
/// if no window had begun, or if memory had run out before (`again`) and a strategy was left out for it:
/// then the block needs too much, and no queue leaks.
std::set<std::string> lost_with(const BlockTask& task, const BlockOutcome& outcome, bool again) {
  const auto& labels = task.block.labels;
  const bool known = outcome.culprit && *outcome.culprit < labels.size();
  const bool out_of_memory = outcome.child.end == ChildEnd::out_of_memory;
  if (known && !(out_of_memory && again)) return {labels[*outcome.culprit].strategy};
  std::set<std::string> all;
  if (!out_of_memory) return all;
  for (const auto& label : labels) all.insert(label.strategy);
  return all;
}

Invalid reason_of(ChildEnd end) {
  if (end == ChildEnd::out_of_memory) return Invalid::out_of_memory;
  return end == ChildEnd::hung ? Invalid::hung : Invalid::crashed;
}

}  // namespace

Suite::Suite(const Plan& plan, const Topology& topology, RunNames names, std::string unfit,
             RunRecord& record, ProgressLine& progress, double spent_s)
    : plan_(plan),
      topology_(topology),
      names_(std::move(names)),
      unfit_(std::move(unfit)),
      record_(record),
      progress_(progress),
      // A run that was killed has noted nothing, but what it finished took its time.
      further_before_s_(std::max(spent_s, predicted_further_s())) {
  for (const auto& row : record_.rows()) {
    if (row.validity.crashed_or_hung()) failed_[row.block_id].insert(row.strategy);
  }
}

SuiteOutcome Suite::run() {
  const auto start = Clock::now();
  const bool completed = run_planned() && (!plan_.precision || run_further());
  return {.interrupted = !completed,
          .wall_s = std::chrono::duration<double>(Clock::now() - start).count(),
          .measured_s = measured_s_,
          .further_s = further_s()};
}

bool Suite::run_planned() {
  for (const auto& run : plan_.order) {
    if (!record_.finished().contains({plan_.blocks[run.block].id, run.process})) {
      if (interrupted() || !run_process(run)) return false;
    }
    done_s_ += predicted_s(plan_.blocks[run.block]);
  }
  return true;
}

bool Suite::run_further() {
  further_since_ = Clock::now();
  progress_.restart(plan_.budget_s - further_before_s_);
  while (further_s() < plan_.budget_s) {
    const auto reached = precision_reached(summarise(record_.rows()), *plan_.precision);
    if (reached.wide_blocks.empty()) return true;
    for (const auto& run : further_round(plan_, next_processes(reached.wide_blocks))) {
      if (further_s() >= plan_.budget_s) break;
      if (interrupted() || !run_process(run)) return false;
    }
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
  auto further = record_.finished();
  for (const auto& run : plan_.order) further.erase({plan_.blocks[run.block].id, run.process});
  double total_s = 0;
  for (const auto& key : further) {
    const auto block = std::ranges::find(plan_.blocks, key.block_id, &Block::id);
    if (block != plan_.blocks.end()) total_s += predicted_s(*block);
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
  return {.run_id = names_.run_id,
          .machine_kind = names_.machine_kind,
          .machine = names_.machine,
          .block = block,
          .process = run.process,
          .layout = layout_of(plan_, run),
          .windows = plan_.windows,
          .seed = run.seed,
          .per_thread = plan_.per_thread,
          .cpus = cpus,
          .memory_nodes = memory_nodes(topology_, cpus),
          .cpu_kinds = static_cast<std::uint32_t>(kinds_of(topology_, cpus).size()),
          .unfit = unfit_};
}

void Suite::leave_out_failed(BlockTask& task, ProcessRecord& record) const {
  if (const auto found = out_of_memory_.find(task.block.id); found != out_of_memory_.end()) {
    for (const auto& strategy : found->second) {
      leave_out(task, record, strategy, Invalid::out_of_memory, "ran out of it here before");
    }
  }
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
  for (bool again = out_of_memory_.contains(task.block.id); !task.block.labels.empty();) {
    auto outcome = run_child(task, allowance_s, [&] {
      show(fmt::format("{}  process {}", task.block.id, run.process + 1));
    });
    if (outcome.child.end == ChildEnd::interrupted) return false;
    if (outcome.child.end == ChildEnd::finished) {
      record.append(std::move(outcome.record));
      measured_s_ += task.block.measured_s(plan_.windows);
      break;
    }
    const auto said = last_line(outcome.child.error_text);
    const auto kind = reason_of(outcome.child.end);
    const auto lost = lost_with(task, outcome, again);
    if (lost.empty()) {
      throw failure(fmt::format("a measuring process for {} {}: {}", task.block.id,
                                outcome.child.what, said));
    }
    // The block is run again without the strategy: what its companions did beside it is dropped,
    // since rows of one process are compared with each other.
    auto& remembered = kind == Invalid::out_of_memory ? out_of_memory_ : failed_;
    for (const auto& strategy : lost) {
      leave_out(
          task, record, strategy, kind,
          said.empty() ? outcome.child.what : fmt::format("{}: {}", outcome.child.what, said));
      remembered[task.block.id].insert(strategy);
    }
    again = again || kind == Invalid::out_of_memory;
    progress_.say(fmt::format(
        "{} in {}: {}{}", fmt::join(lost, ", "), task.block.id, record.rows.back().validity.text(),
        task.block.labels.empty() ? "" : "; measuring the block again without it"));
  }
  record_.append({task.block.id, run.process}, std::move(record));
  return true;
}

double Suite::predicted_s(const Block& block) const {
  return Plan{.blocks = {block}, .order = {{}}, .windows = plan_.windows}.predicted_s();
}

}  // namespace lockbench
