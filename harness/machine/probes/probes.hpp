#pragma once

/// Small experiments that tell what this machine can measure and how its CPUs behave. Each answers
/// with a value or with a reason, never hangs and never throws.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "harness/machine/facts/load.hpp"
#include "harness/machine/facts/probed.hpp"
#include "harness/machine/facts/thread_counters.hpp"
#include "harness/machine/facts/topology.hpp"

namespace lockbench {

/// Where samples lie and how far they spread; in the samples' unit.
struct Spread {
  double median = 0;
  double p05 = 0;
  double p95 = 0;
  std::size_t samples = 0;
};

/// By nearest rank, so every figure is a value that was seen. `samples` must not be empty.
[[nodiscard]] Spread spread_of(std::vector<double> samples);

/// Counts over a fixed loop of this thread: a value says that the counter works.
struct CounterProbe {
  PerThreadEvent<Probed<double>> events;
  PerThreadEvent<Probed<std::string>> sources;  ///< as `ThreadCounters::sources`
  Probed<double> task_clock_ns;
  Probed<double> context_switches;
};

/// Whether costs beside time can be read, and what a reading itself costs.
struct CostProbe {
  Probed<double> counters_read_ns;        ///< one reading of `ThreadCounters`
  Probed<double> run_queue_wait_read_ns;  ///< one reading of `RunQueueWait`
  /// Highest resident memory of this process, once it was reset.
  Probed<std::int64_t> peak_memory_bytes;
  /// From which memory nodes this thread's new pages come: "default" (the nearest), "bind", …
  Probed<std::string> memory_policy;
};

/// Nanoseconds that one reading costs.
struct ClockProbe {
  Probed<double> steady_now_ns;
  Probed<double> tsc_read_ns;    ///< a reason where the counter is not invariant
  Probed<double> thread_cpu_ns;  ///< CLOCK_THREAD_CPUTIME_ID
  Probed<double> resolution_ns;  ///< smallest step of steady_clock that was seen
};

/// From the call that wakes a sleeping thread until that thread runs, in µs.
struct WakeUpProbe {
  Probed<Spread> other_cpu_us;
  Probed<Spread> same_cpu_us;
};

/// How far apart two CPUs are, judged by the round trip of a cache line. The bounds lie between
/// what hardware of this decade shows; they name a likeness, not a topology.
enum class LineDistance : std::uint8_t {
  core,   ///< below 75 ns: like two threads of one core (about 50)
  cache,  ///< like two cores behind one last-level cache (about 100)
  far     ///< from 250 ns: like two chiplets or sockets (about 500)
};
[[nodiscard]] LineDistance line_distance(double roundtrip_ns) noexcept;
constexpr auto enum_names(LineDistance) {
  using enum LineDistance;
  return std::to_array<EnumName<LineDistance>>({{core, "core"}, {cache, "cache"}, {far, "far"}});
}

/// Round trips between two CPUs, sampled over about a second.
struct LinePair {
  int first_cpu = 0;
  int second_cpu = 0;
  Probed<Spread> roundtrip_ns{};
  /// Shares of the samples like each distance, in the order of the enum; they sum to 1.
  std::vector<double> shares{};
};

/// The distance between the two CPUs changed during the probe: its middle 90 % spread by more than
/// a factor of 1.6, or at least a twentieth of the samples were like another distance.
[[nodiscard]] bool changes_distance(const LinePair& pair);

struct LineProbe {
  Probed<std::vector<LinePair>> pairs;  ///< at least one
  std::size_t possible_pairs = 0;       ///< more than `pairs` where only some were sampled
};

/// How steady a fixed single-thread loop ran over about half a second.
struct DriftProbe {
  Probed<Spread> spin_loop_ns;
  Probed<double> variation;  ///< coefficient of variation
};

struct Probes {
  CounterProbe counters;
  Probed<std::vector<std::string>> energy_domains;  ///< readable RAPL domains
  ClockProbe clocks;
  WakeUpProbe wake_up;
  LineProbe lines;
  DriftProbe drift;
  Probed<double> others_busy;  ///< share of all CPUs that others used while this process slept
  Probed<double> steal;        ///< share stolen while the probes worked
  CostProbe costs;
};

struct ProbeBudget {
  std::chrono::milliseconds lines{1000};
  std::chrono::milliseconds drift{500};
  std::chrono::milliseconds quiet{300};
  std::uint32_t wake_ups = 200;
};
/// For tests, and where seconds matter more than certainty.
inline constexpr ProbeBudget quick_budget{std::chrono::milliseconds(50),
                                          std::chrono::milliseconds(20),
                                          std::chrono::milliseconds(50), 20};

[[nodiscard]] CounterProbe probe_counters(const SystemFiles& files = {});
[[nodiscard]] Probed<std::vector<std::string>> probe_energy(const SystemFiles& files = {});
[[nodiscard]] ClockProbe probe_clocks();
/// Resets the process's peak of resident memory, where that is allowed.
[[nodiscard]] CostProbe probe_costs(const SystemFiles& files = {});
[[nodiscard]] WakeUpProbe probe_wake_up(const Topology& topology, const ProbeBudget& budget);
/// Between two given CPUs, or on one that is given twice: about 0.2 ms a round.
[[nodiscard]] Probed<Spread> probe_wake_up_between(int waker_cpu, int sleeper_cpu,
                                                   std::uint32_t rounds);
[[nodiscard]] LineProbe probe_lines(const Topology& topology, const ProbeBudget& budget);
[[nodiscard]] DriftProbe probe_drift(const ProbeBudget& budget);
/// Sleeps for `quiet`, and tells the share of all CPUs that others used meanwhile.
[[nodiscard]] Probed<double> probe_others(std::chrono::milliseconds quiet);
/// Runs all probes but `others_busy` and `steal`, one after the other: about two seconds with the default
/// budget.
[[nodiscard]] Probes run_probes(const Topology& topology, const ProbeBudget& budget = {});

/// Returns the pairs to sample: all of them, or `most`, chosen alike at every call.
[[nodiscard]] std::vector<std::pair<int, int>> choose_pairs(const std::vector<Cpu>& cpus,
                                                            std::size_t most);

void to_json(nlohmann::json& json, const Spread& spread);
void to_json(nlohmann::json& json, const Probes& probes);

}  // namespace lockbench
