#include "harness/engine/block.hpp"

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <random>

#include "harness/base/errors.hpp"
#include "harness/engine/calibration.hpp"
#include "harness/engine/fault_injection.hpp"
#include "harness/engine/regime_probe.hpp"
#include "harness/machine/facts/memory_binding.hpp"
#include "harness/machine/facts/outside_load.hpp"
#include "harness/machine/facts/peak_memory.hpp"
#include "harness/machine/facts/topology.hpp"
#include "harness/machine/probes/probes.hpp"
#include "harness/metrics/flags.hpp"
#include "harness/workloads/catalogue.hpp"
#include "harness/workloads/dispatch.hpp"
#include "strategies/trait_names.hpp"

namespace lockbench {
namespace {

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
  if (!task.block.oversubscribed && measurement.overlap < fine_overlap) {
    reasons.push_back(fmt::format("overlap {:.2f} below {}", measurement.overlap, fine_overlap));
  }
  if (!task.unfit.empty()) reasons.push_back(task.unfit);
  return reasons;
}

bool needs_work(const CaseParameters& point) {
  return point.critical_section_ns > 0 || point.think_ns > 0 || point.work_ns > 0;
}

Cell cell(const Probed<std::int64_t>& measured) {
  return measured.known() ? Cell(static_cast<double>(measured.value())) : Cell();
}

/// It gives up its CPU to wait, for its lock or for a task, and has to be woken.
bool parks(const StrategyTraits& traits) {
  return traits.waits == Waits::parks || traits.waits == Waits::spins_then_parks ||
         traits.task_wait == TaskWait::parks;
}

/// Runs windows one at a time and turns each into a result.
class BlockRunner {
public:
  BlockRunner(const BlockTask& task, const BlockListener& listener)
      : task_(task),
        listener_(listener),
        team_(task.block.point.threads, task.cpus),
        // After the team, whose own memory stays near each thread; before any queue.
        memory_(bind_memory(task.memory_nodes)),
        instruments_(instruments_of(team_)),
        times_at_start_(cpu_times_now()),
        probe_(team_),
        wake_up_us_(wake_up_of_team()),
        before_(probe_.take()),
        done_(task.block.labels.size(), 0),
        capacities_(task.block.labels.size()) {
    if (needs_work(task.block.point)) calibration_ = calibrate(team_);
  }

  void run_window(benchmark::State& state, PlannedWindow window) {
    const auto& label = task_.block.labels[window.label];
    const auto& compiled = compiled_case(task_.block.point.workload, label.strategy);
    for (auto _ : state) {
      listener_.window_begins(window.label);
      inject_fault(label.strategy);
      auto result = measure(window, compiled);
      state.SetIterationTime(result.row.duration_s.value_or(0));
      state.counters["operations"] = static_cast<double>(result.row.operations);
      listener_.window_ended(result);
    }
  }

private:
  WindowResult measure(PlannedWindow window, const CompiledCase& compiled) {
    WindowResult result{.row = row_for(window, compiled)};
    auto& row = result.row;
    WindowSpec spec{.point = task_.block.point,
                    .window_s = task_.block.window_s,
                    .warm_up_s = task_.block.warm_up_s,
                    .seed = row.seed,
                    .sample_every = row.sample_every,
                    .instruments = &instruments_};
    if (calibration_) spec.rate = calibration_->rate;
    if (task_.block.capacity_window_s > 0) {
      const double capacity = capacity_of(window.label, compiled, spec);
      spec.arrivals_s = spec.point.load * capacity;
      row.capacity_tasks_s = capacity;
      row.offered_tasks_s = spec.arrivals_s;
    }
    // What the allocator kept of earlier windows would hide what this one needs. Only beside sampled
    // operations, since giving memory back makes pages fault anew.
    std::optional<MemoryBaseline> memory_before;
    if (row.sample_every != 0) {
      malloc_trim(0);
      memory_before = take_memory_baseline();
    }
    const auto outcome = compiled.window(team_, spec);
    if (memory_before)
      row.peak_memory_bytes = cell(peak_growth_bytes(*memory_before, peak_rss_bytes()));
    const Regime after = probe_.take();
    fill(row, outcome, mean(before_, after), compiled.strategy);
    fill_costs(row, outcome.measurement);
    fill_flags(row, outcome.measurement, after);
    fill_work(row, outcome.measurement.work);
    before_ = after;
    add_latencies(result, outcome.latencies);
    if (task_.per_thread) add_threads(result, outcome);
    return result;
  }

  WindowRow row_for(PlannedWindow window, const CompiledCase& compiled) {
    const auto& label = task_.block.labels[window.label];
    const auto& traits = compiled.strategy;
    WindowRow row;
    row.run_id = task_.run_id;
    row.block_id = point_id(task_.block.point);
    row.case_id = case_id(label, task_.block.point);
    row.strategy = label.strategy;
    row.twin = label.twin;
    row.ordering = to_string(traits.ordering);
    row.point = task_.block.point;
    row.point.capacity = effective_capacity(row.point, workload_named(row.point.workload));
    row.process = task_.process;
    row.window = done_[window.label]++;
    row.position = position_++;
    row.seed = mixed_bits(task_.seed + row.position);
    row.window_s = task_.block.window_s;
    row.warm_up_s = task_.block.warm_up_s;
    row.oversubscribed = task_.block.oversubscribed;
    row.sample_every = window.sampled ? task_.block.sample_every : 0;
    row.has_critical_section = compiled.has_critical_section;
    if (calibration_) row.calibration_error = calibration_->check_error;
    if (parks(traits)) row.wake_up_us = wake_up_us_;

    row.cpus = cpu_map(task_.cpus, task_.block.point.threads);
    row.memory = memory_;
    return row;
  }

  /// Tasks a second that the label completes when they arrive without a pause, measured once.
  double capacity_of(std::uint32_t label, const CompiledCase& compiled, WindowSpec spec) {
    if (!capacities_[label]) {
      spec.window_s = task_.block.capacity_window_s;
      spec.sample_every = 0;
      const auto measurement = compiled.window(team_, spec).measurement;
      capacities_[label] =
          measurement.duration_s > 0
              ? static_cast<double>(measurement.tally.completions) / measurement.duration_s
              : 0;
    }
    return *capacities_[label];
  }

  void fill(WindowRow& row, const WindowOutcome& outcome, const Regime& regime,
            const StrategyTraits& traits) const {
    const auto& measurement = outcome.measurement;
    row.duration_s = measurement.duration_s;
    row.operations = measurement.tally.operations();
    row.reads = measurement.tally.reads;
    row.writes = measurement.tally.writes();
    row.takes = measurement.tally.takes;
    row.completions = measurement.tally.completions;
    row.cancels = measurement.tally.cancels;
    row.empty_takes = measurement.tally.empty_takes;
    row.full_adds = measurement.tally.full_adds;
    row.late_cancels = measurement.tally.late_cancels;
    row.throughput_ops_s = measurement.throughput_ops_s;
    row.fairness_jain = measurement.fairness_jain;
    row.min_thread_share = measurement.min_thread_share;
    row.max_thread_share = measurement.max_thread_share;
    if (row.sample_every != 0) row.longest_gap_s = measurement.longest_gap_s;
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

  static void fill_costs(WindowRow& row, const Measurement& measurement) {
    const auto& events = measurement.events;
    row.cycles = events[ThreadEvent::cycles];
    row.instructions = events[ThreadEvent::instructions];
    row.cache_misses = events[ThreadEvent::cache_misses];
    row.branch_misses = events[ThreadEvent::branch_misses];
    row.page_faults = events[ThreadEvent::page_faults];
    row.migrations = events[ThreadEvent::cpu_migrations];
    row.futex_calls = events[ThreadEvent::futex_calls];
    row.counted_share = measurement.counted_share;
    row.run_queue_wait_s = measurement.run_queue_wait_s;
  }

  void fill_flags(WindowRow& row, const Measurement& measurement, const Regime& after) const {
    const auto outside = outside_load(times_at_start_, cpu_times_now());
    WindowFacts facts{.threads = row.point.threads,
                      .oversubscribed = row.oversubscribed,
                      .duration_s = row.duration_s,
                      .overlap = row.overlap,
                      .takes = row.takes,
                      .empty_takes = row.empty_takes,
                      .adds = measurement.tally.adds,
                      .full_adds = row.full_adds,
                      .run_queue_wait_s = row.run_queue_wait_s,
                      .others_share = std::nullopt,
                      .steal_share = std::nullopt,
                      .spin_loop_before_ns = before_.spin_loop_ns,
                      .spin_loop_after_ns = after.spin_loop_ns,
                      .line_roundtrip_before_ns = before_.line_roundtrip_ns,
                      .line_roundtrip_after_ns = after.line_roundtrip_ns,
                      .longest_gap_s = row.longest_gap_s};
    if (outside.known()) {
      row.others_share = outside->others;
      row.steal_share = outside->steal;
      facts.others_share = outside->others_at_least;
      facts.steal_share = outside->steal;
    }
    row.flags = join(flags_of(facts));
  }

  void fill_work(WindowRow& row, const WorkDone& work) const {
    const auto seconds = [&](std::uint64_t steps) {
      return calibration_ ? static_cast<double>(steps) / calibration_->rate.steps_per_ns * 1e-9 : 0;
    };
    row.critical_work_s = seconds(work.critical_steps);
    row.think_work_s = seconds(work.think_steps);
    row.task_work_s = seconds(work.task_steps);
    if (row.cpu_s) {
      row.overhead_s = *row.cpu_s - *row.critical_work_s - *row.think_work_s - *row.task_work_s;
    }
  }

  static void add_latencies(WindowResult& result, const Latencies& latencies) {
    auto& row = result.row;
    const auto add = [&](std::string_view kind, const LatencyHistogram& histogram) {
      result.latencies.push_back({.run_id = row.run_id,
                                  .case_id = row.case_id,
                                  .block_id = row.block_id,
                                  .strategy = row.strategy,
                                  .twin = row.twin,
                                  .process = row.process,
                                  .window = row.window,
                                  .kind = std::string(kind),
                                  .histogram = histogram});
    };
    for (std::size_t i = 0; i < latency_kinds; ++i) {
      const auto kind = static_cast<LatencyKind>(i);
      if (const auto* const histogram = latencies.find(kind)) add(to_string(kind), *histogram);
    }
    if (const auto all = latencies.all_operations()) {
      add(all_operations_kind, *all);
      row.latency = quantiles_of(&*all);
    }
    row.sojourn = quantiles_of(latencies.find(LatencyKind::sojourn));
    row.sojourn_mean_ns = mean_of(latencies.find(LatencyKind::sojourn));
    row.service_mean_ns = mean_of(latencies.find(LatencyKind::service));
  }

  void add_threads(WindowResult& result, const WindowOutcome& outcome) const {
    const auto& row = result.row;
    const auto& cpus = team_.cpus();
    for (const auto& figures : thread_figures(outcome.threads)) {
      ThreadRow thread;
      thread.run_id = row.run_id;
      thread.case_id = row.case_id;
      thread.block_id = row.block_id;
      thread.strategy = row.strategy;
      thread.twin = row.twin;
      thread.process = row.process;
      thread.window = row.window;
      thread.thread = figures.thread;
      thread.role = figures.role;
      if (!cpus.empty()) thread.cpu = cpus[figures.thread % cpus.size()];
      thread.operations = figures.tally.operations();
      thread.reads = figures.tally.reads;
      thread.writes = figures.tally.writes();
      thread.empty_takes = figures.tally.empty_takes;
      thread.share = figures.share;
      if (row.sample_every != 0) thread.longest_gap_s = figures.longest_gap_s;
      thread.start_s = figures.start_s;
      thread.duration_s = figures.duration_s;
      thread.cpu_s = figures.cpu_s;
      thread.voluntary_switches = figures.voluntary_switches;
      thread.involuntary_switches = figures.involuntary_switches;
      thread.run_queue_wait_s = figures.run_queue_wait_s;
      const auto& counts = figures.counters.counts;
      thread.migrations = counts[ThreadEvent::cpu_migrations];
      thread.futex_calls = counts[ThreadEvent::futex_calls];
      thread.cycles = counts[ThreadEvent::cycles];
      thread.instructions = counts[ThreadEvent::instructions];
      thread.cache_misses = counts[ThreadEvent::cache_misses];
      result.threads.push_back(std::move(thread));
    }
  }

  /// What waking a thread costs between two CPUs of the team, or on its only one. Empty where nobody
  /// in the block parks, or nobody is pinned.
  [[nodiscard]] Cell wake_up_of_team() const {
    const auto& labels = task_.block.labels;
    const bool anyone_parks = std::ranges::any_of(labels, [&](const Label& label) {
      return parks(compiled_case(task_.block.point.workload, label.strategy).strategy);
    });
    const auto& cpus = task_.cpus;
    if (!anyone_parks || cpus.empty()) return {};
    const auto other = std::ranges::find_if(cpus, [&](int cpu) { return cpu != cpus.front(); });
    constexpr std::uint32_t rounds = 20;
    const auto measured =
        probe_wake_up_between(cpus.front(), other == cpus.end() ? cpus.front() : *other, rounds);
    return measured.known() ? Cell(measured->median) : Cell();
  }

  const BlockTask& task_;
  const BlockListener& listener_;
  Team team_;
  std::string memory_;  ///< the policy in force, as rows hold it
  TeamInstruments instruments_;
  CpuTimes times_at_start_;
  RegimeProbe probe_;
  Cell wake_up_us_;
  std::optional<Calibration> calibration_;  ///< where the case works
  Regime before_;
  std::vector<std::uint32_t> done_;  ///< windows so far, by label
  std::vector<Cell> capacities_;     ///< tasks a second, by label
  std::uint32_t position_ = 0;
};

/// Rows leave through the listener; Google Benchmark's own reports are not wanted on any stream.
class SilentReporter : public benchmark::BenchmarkReporter {
public:
  bool ReportContext(const Context& /*context*/) override { return true; }
  void ReportRuns(const std::vector<Run>& /*runs*/) override {}
};

}  // namespace

std::vector<PlannedWindow> window_order(std::size_t labels, std::uint32_t windows, bool sampled,
                                        std::uint64_t seed) {
  std::mt19937_64 shuffler(seed);
  std::vector<bool> rounds(windows, false);  // whether each is sampled
  if (sampled) rounds.insert(rounds.begin() + static_cast<long>(shuffler() % (windows + 1)), true);
  std::vector<std::uint32_t> round(labels);
  std::iota(round.begin(), round.end(), 0U);
  std::vector<PlannedWindow> order;
  for (const bool sampled_round : rounds) {
    std::shuffle(round.begin(), round.end(), shuffler);
    for (const auto label : round) order.push_back({label, sampled_round});
  }
  return order;
}

void run_block(const BlockTask& task, const BlockListener& listener) {
  BlockRunner runner(task, listener);
  for (const auto window : window_order(task.block.labels.size(), task.windows,
                                        task.block.sample_every != 0, task.seed)) {
    const auto name = case_id(task.block.labels[window.label], task.block.point);
    benchmark::RegisterBenchmark(
        name.c_str(),
        [&runner, window](benchmark::State& state) { runner.run_window(state, window); })
        ->UseManualTime()
        ->Iterations(1);
  }
  SilentReporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  benchmark::ClearRegisteredBenchmarks();
}

}  // namespace lockbench
