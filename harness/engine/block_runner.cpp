#include "harness/engine/block_runner.hpp"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "harness/engine/dispatch.hpp"
#include "harness/engine/fault_injection.hpp"
#include "harness/engine/regime_probe.hpp"
#include "harness/errors.hpp"
#include "strategies/trait_names.hpp"

namespace lockbench {
namespace {

constexpr double least_overlap = 0.9;

std::string joined(const std::vector<std::string>& reasons) {
  std::string text;
  for (const auto& reason : reasons) text += (text.empty() ? "" : "; ") + reason;
  return text;
}

std::vector<std::string> reasons_against(const WindowOutcome& outcome, const BlockTask& task) {
  std::vector<std::string> reasons;
  const auto& measurement = outcome.measurement;
  if (outcome.violations.any()) reasons.push_back("violated: " + outcome.violations.text());
  if (measurement.tally.operations() == 0) reasons.emplace_back("no operation succeeded");
  if (!task.block.oversubscribed && measurement.overlap < least_overlap) {
    reasons.push_back(fmt::format("overlap {:.2f} below {}", measurement.overlap, least_overlap));
  }
  if (!task.unfit.empty()) reasons.push_back(task.unfit);
  return reasons;
}

/// Runs windows one at a time and turns each into a row.
class BlockRunner {
public:
  BlockRunner(const BlockTask& task, const BlockListener& listener)
      : task_(task),
        listener_(listener),
        team_(task.block.point.threads, task.cpus),
        probe_(team_),
        before_(probe_.take()),
        done_(task.block.labels.size(), 0) {}

  void run_window(benchmark::State& state, std::uint32_t label_index) {
    const auto& label = task_.block.labels[label_index];
    const auto& point = task_.block.point;
    const auto& compiled = compiled_case(point.workload, label.strategy);
    WindowRow row = row_for(label_index, compiled.strategy);
    for (auto _ : state) {
      listener_.window_begins(label_index);
      inject_fault(label.strategy);
      const auto outcome = compiled.run(team_, {.point = point,
                                                .window_s = task_.block.window_s,
                                                .warm_up_s = task_.block.warm_up_s,
                                                .seed = row.seed});
      const Regime after = probe_.take();
      fill(row, outcome, mean(before_, after), compiled.strategy);
      before_ = after;
      state.SetIterationTime(outcome.measurement.duration_s);
      state.counters["operations"] = static_cast<double>(row.operations);
    }
    listener_.window_ended(row);
  }

private:
  WindowRow row_for(std::uint32_t label_index, const StrategyTraits& traits) {
    const auto& label = task_.block.labels[label_index];
    WindowRow row;
    row.run_id = task_.run_id;
    row.block_id = point_id(task_.block.point);
    row.case_id = case_id(label, task_.block.point);
    row.strategy = label.strategy;
    row.twin = label.twin;
    row.ordering = to_string(traits.ordering);
    row.point = task_.block.point;
    row.point.capacity = effective_capacity(task_.block.point);
    row.process = task_.process;
    row.window = done_[label_index]++;
    row.position = position_++;
    row.seed = mixed_bits(task_.seed + row.position);
    row.window_s = task_.block.window_s;
    row.warm_up_s = task_.block.warm_up_s;
    row.oversubscribed = task_.block.oversubscribed;
    return row;
  }

  void fill(WindowRow& row, const WindowOutcome& outcome, const Regime& regime,
            const StrategyTraits& traits) const {
    const auto& measurement = outcome.measurement;
    row.duration_s = measurement.duration_s;
    row.operations = measurement.tally.operations();
    row.reads = measurement.tally.reads;
    row.writes = measurement.tally.writes();
    row.takes = measurement.tally.takes;
    row.empty_takes = measurement.tally.empty_takes;
    row.full_adds = measurement.tally.full_adds;
    row.throughput_ops_s = measurement.throughput_ops_s;
    row.fairness_jain = measurement.fairness_jain;
    row.min_thread_share = measurement.min_thread_share;
    row.cpu_s = measurement.cpu_s;
    row.voluntary_switches = measurement.voluntary_switches;
    row.involuntary_switches = measurement.involuntary_switches;
    row.overlap = measurement.overlap;
    row.line_roundtrip_ns = regime.line_roundtrip_ns;
    row.spin_loop_ns = regime.spin_loop_ns;
    if (traits.conformance != Conformance::none) {
      row.size_start = static_cast<double>(outcome.size_start);
      row.size_end = static_cast<double>(outcome.size_end);
    }
    row.invalid_reason = joined(reasons_against(outcome, task_));
    row.valid = row.invalid_reason.empty();
  }

  const BlockTask& task_;
  const BlockListener& listener_;
  Team team_;
  RegimeProbe probe_;
  Regime before_;
  std::vector<std::uint32_t> done_;  ///< windows so far, by label
  std::uint32_t position_ = 0;
};

/// Rows leave through the listener; Google Benchmark's own reports are not wanted on any stream.
class SilentReporter : public benchmark::BenchmarkReporter {
public:
  bool ReportContext(const Context& /*context*/) override { return true; }
  void ReportRuns(const std::vector<Run>& /*runs*/) override {}
};

}  // namespace

std::vector<std::uint32_t> window_order(std::size_t labels, std::uint32_t windows,
                                        std::uint64_t seed) {
  std::mt19937_64 shuffler(seed);
  std::vector<std::uint32_t> round(labels);
  std::iota(round.begin(), round.end(), 0U);
  std::vector<std::uint32_t> order;
  for (std::uint32_t window = 0; window < windows; ++window) {
    std::shuffle(round.begin(), round.end(), shuffler);
    order.insert(order.end(), round.begin(), round.end());
  }
  return order;
}

void run_block(const BlockTask& task, const BlockListener& listener) {
  BlockRunner runner(task, listener);
  for (const auto label : window_order(task.block.labels.size(), task.windows, task.seed)) {
    const auto name = case_id(task.block.labels[label], task.block.point);
    benchmark::RegisterBenchmark(
        name.c_str(),
        [&runner, label](benchmark::State& state) { runner.run_window(state, label); })
        ->UseManualTime()
        ->Iterations(1);
  }
  SilentReporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  benchmark::ClearRegisteredBenchmarks();
}

}  // namespace lockbench
