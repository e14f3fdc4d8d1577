#include "harness/engine/block.hpp"

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <new>
#include <numeric>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "harness/base/exact_integer.hpp"
#include "harness/base/random.hpp"
#include "harness/engine/calibration.hpp"
#include "harness/engine/heartbeat.hpp"
#include "harness/engine/regime_probe.hpp"
#include "harness/machine/facts/load.hpp"
#include "harness/machine/facts/peak_memory.hpp"
#include "harness/machine/facts/topology.hpp"
#include "harness/machine/probes/probes.hpp"

namespace lockbench {
namespace {

bool needs_work(const CaseParameters& point) {
  return point.critical_section_ns > 0 || point.think_ns > 0 || point.work_ns > 0;
}

Cell cell(const Probed<std::int64_t>& measured) {
  return measured.known() ? Cell(static_cast<double>(measured.value())) : Cell();
}

/// Whether a thread that waits, for the lock or for a task, gives up its CPU and has to be woken.
bool parks(const StrategyTraits& traits) {
  return traits.waits == Waits::parks || traits.waits == Waits::spins_then_parks ||
         traits.task_wait == TaskWait::parks;
}

/// For the tests of what the suite does when a strategy fails: `LOCKBENCH_FAULT=crash:rwlock` ends
/// the measuring process by abort() when a window of `rwlock` begins, `hang:rwlock` makes it sleep
/// for ever, `memory:rwlock` makes it use memory until the kernel refuses it or kills, or 256 MiB are
/// used. Does nothing when the variable is not set.
void inject_fault(std::string_view strategy) {
  const char* const fault = std::getenv("LOCKBENCH_FAULT");
  if (fault == nullptr) return;
  if (fault == fmt::format("crash:{}", strategy)) std::abort();
  if (fault == fmt::format("hang:{}", strategy)) {
    for (;;) pause();
  }
  if (fault == fmt::format("memory:{}", strategy)) {
    std::vector<std::string> used;
    for (int mebibytes = 0; mebibytes < 256; ++mebibytes) used.emplace_back(1U << 20U, 'x');
    throw std::bad_alloc();
  }
}

/// `LOCKBENCH_FAULT=late:rwlock` makes the first window of `rwlock` last so much longer than asked.
double planted_delay_s(std::string_view strategy, std::uint32_t window) {
  constexpr double delay_s = 2;
  const char* const fault = std::getenv("LOCKBENCH_FAULT");
  return fault != nullptr && window == 0 && fault == fmt::format("late:{}", strategy) ? delay_s : 0;
}

/// Calls `measure`, which returns for how many seconds the process was stopped meanwhile, and calls it
/// again where it was, three times at most.
void again_if_stopped(auto&& measure) {
  constexpr int most_repeats = 3;
  for (int repeats = 0; measure() > 0 && repeats < most_repeats; ++repeats) {
  }
}

/// Runs windows one at a time.
class BlockRunner {
public:
  BlockRunner(const BlockTask& task, const BlockListener& listener, FindCase find_case)
      : task_(task),
        listener_(listener),
        find_case_(find_case),
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
    if (!needs_work(task.block.point)) return;
    again_if_stopped([&] { return stopped_in([&] { calibration_ = calibrate(team_); }); });
  }

  void run_window(benchmark::State& state, PlannedWindow planned) {
    const auto& label = task_.block.labels[planned.label];
    for (auto _ : state) {
      again_if_stopped([&] {
        listener_.window_begins(planned.label);
        inject_fault(label.strategy);
        const auto window = run(planned, find_case_(task_.block.point.workload, label));
        const auto& measurement = window.outcome.measurement;
        state.SetIterationTime(measurement.duration_s);
        state.counters["operations"] = static_cast<double>(measurement.tally.operations());
        listener_.window_ended(window);
        return window.stopped_s;
      });
    }
  }

private:
  /// Returns for how many seconds the process was stopped while `work` ran.
  double stopped_in(auto&& work) {
    const double before_s = heartbeat_.stopped_s();
    work();
    return heartbeat_.stopped_s() - before_s;
  }

  /// The same while a window ran, by its own account, too.
  double stopped_in_window(const CompiledCase& compiled, const WindowSpec& spec,
                           WindowOutcome& outcome) {
    const double stopped_s = stopped_in([&] { outcome = compiled.window(team_, spec); });
    return std::max(stopped_s, outcome.stopped_s);
  }

  MeasuredWindow run(PlannedWindow planned, const CompiledCase& compiled) {
    auto window = begun(planned, compiled);
    WindowSpec spec{.point = task_.block.point,
                    .window_s = task_.block.window_s,
                    .warm_up_s = task_.block.warm_up_s,
                    .seed = window.seed,
                    .sample_every = window.sample_every,
                    .instruments = &instruments_,
                    .coordinator_delay_s = planted_delay_s(compiled.strategy.name, window.window)};
    if (calibration_) spec.rate = calibration_->rate;
    if (task_.block.capacity_window_s > 0) {
      window.capacity_tasks_s = capacity_of(planned.label, compiled, spec);
      spec.arrivals_s = spec.point.load * *window.capacity_tasks_s;
      window.offered_tasks_s = spec.arrivals_s;
    }
    // Memory that the allocator kept of earlier windows would hide what this one needs. It is given
    // back only before sampled operations, since pages fault anew afterwards.
    std::optional<MemoryBaseline> memory_before;
    if (window.sample_every != 0) {
      malloc_trim(0);
      memory_before = take_memory_baseline();
    }
    window.stopped_s = stopped_in_window(compiled, spec, window.outcome);
    if (memory_before) {
      window.peak_memory_bytes = cell(peak_growth_bytes(*memory_before, peak_rss_bytes()));
    }
    window.after = before_ = probe_.take();
    if (const auto outside = outside_load(times_at_start_, cpu_times_now()); outside.known()) {
      window.outside = outside.value();
    }
    return window;
  }

  /// All that is known of a window before it runs.
  MeasuredWindow begun(PlannedWindow planned, const CompiledCase& compiled) {
    MeasuredWindow window;
    window.label = planned.label;
    window.window = done_[planned.label]++;
    window.position = position_++;
    window.seed = recordable_seed(mixed_bits(task_.seed + window.position));
    window.sample_every = planned.sampled ? task_.block.sample_every : 0;
    window.strategy = compiled.strategy;
    window.has_critical_section = compiled.has_critical_section;
    window.cpus = team_.cpus();
    window.memory = memory_;
    window.before = before_;
    if (parks(compiled.strategy)) window.wake_up_us = wake_up_us_;
    window.calibration = calibration_;
    return window;
  }

  /// Tasks a second that the label completes when they arrive without a pause, measured once.
  double capacity_of(std::uint32_t label, const CompiledCase& compiled, WindowSpec spec) {
    if (!capacities_[label]) {
      spec.window_s = task_.block.capacity_window_s;
      spec.sample_every = 0;
      WindowOutcome outcome;
      again_if_stopped([&] { return stopped_in_window(compiled, spec, outcome); });
      const auto& measurement = outcome.measurement;
      capacities_[label] =
          measurement.duration_s > 0
              ? static_cast<double>(measurement.tally.completions) / measurement.duration_s
              : 0;
    }
    return *capacities_[label];
  }

  /// The cost of waking a thread, between two CPUs of the team or on its only one. Empty where no
  /// strategy of the block parks, or the threads are not pinned.
  [[nodiscard]] Cell wake_up_of_team() const {
    const bool any_parks = std::ranges::any_of(task_.block.labels, [&](const Label& label) {
      return parks(find_case_(task_.block.point.workload, label).strategy);
    });
    const auto& cpus = task_.cpus;
    if (!any_parks || cpus.empty()) return {};
    const auto other = std::ranges::find_if(cpus, [&](int cpu) { return cpu != cpus.front(); });
    constexpr std::uint32_t rounds = 20;
    const auto measured =
        probe_wake_up_between(cpus.front(), other == cpus.end() ? cpus.front() : *other, rounds);
    return measured.known() ? Cell(measured->median) : Cell();
  }

  const BlockTask& task_;
  const BlockListener& listener_;
  FindCase find_case_;
  Heartbeat heartbeat_;
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

/// Windows leave through the listener; Google Benchmark's own reports are not wanted on any stream.
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

void run_block(const BlockTask& task, const BlockListener& listener, FindCase find_case) {
  BlockRunner runner(task, listener, find_case);
  for (const auto window : window_order(task.block.labels.size(), task.windows,
                                        task.block.sample_every != 0, task.seed)) {
    const auto name = case_id(task.block.labels[window.label], task.block);
    benchmark::RegisterBenchmark(
        name.c_str(),
        [&runner, window](benchmark::State& state) { runner.run_window(state, window); })
        ->UseManualTime()
        ->Iterations(1);
  }
  SilentReporter reporter;
  // Whatever filter the environment sets.
  benchmark::RunSpecifiedBenchmarks(&reporter, ".");
  benchmark::ClearRegisteredBenchmarks();
}

}  // namespace lockbench
