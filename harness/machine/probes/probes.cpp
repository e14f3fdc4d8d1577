#include "harness/machine/probes/probes.hpp"

#include <algorithm>
#include <cmath>
#include <thread>

#include <nlohmann/json.hpp>

#include "harness/machine/probes/timing.hpp"
#include "harness/metrics/statistics.hpp"

namespace lockbench {
namespace {

using Json = nlohmann::json;

Json pairs_json(const LineProbe& lines) {
  return lines.pairs.then([&](const std::vector<LinePair>& all) -> Json {
    Json pairs = Json::array();
    for (const LinePair& pair : all) {
      pairs.push_back({{"cpus", {pair.first_cpu, pair.second_cpu}},
                       {"roundtrip_ns", pair.roundtrip_ns},
                       {"changes_distance", changes_distance(pair)}});
      for (std::size_t i = 0; i < pair.shares.size(); ++i) {
        pairs.back()["share_like"][std::string(all_names<LineDistance>[i])] = pair.shares[i];
      }
    }
    return {{"pairs", pairs}, {"possible_pairs", lines.possible_pairs}};
  });
}

Json counters_json(const CounterProbe& counters) {
  Json hardware;
  Json software{{"task_clock_ns", counters.task_clock_ns},
                {"context_switches", counters.context_switches}};
  Json sources = Json::object();
  for (const auto& [event, name] : enum_names(ThreadEvent{})) {
    const std::string key(name);
    (event < ThreadEvent::page_faults ? hardware : software)[key] = counters.events[event];
    // The reason of an event that is not counted stands in the place of its count.
    if (counters.sources[event].known()) sources[key] = counters.sources[event];
  }
  return {{"hardware_counters", hardware},
          {"software_counters", software},
          {"counter_sources", sources}};
}

}  // namespace

Spread spread_of(std::vector<double> samples) {
  std::ranges::sort(samples);
  const auto ranked = [&](double share) {
    const double rank = std::ceil(share * static_cast<double>(samples.size()));
    return samples[static_cast<std::size_t>(rank) - 1];
  };
  return {ranked(0.5), ranked(0.05), ranked(0.95), samples.size()};
}

Probed<double> probe_others(std::chrono::milliseconds quiet) {
  const Load before = read_load();
  std::this_thread::sleep_for(quiet);
  return shares_between(before, read_load()).then(&CpuShares::busy);
}

DriftProbe probe_drift(const ProbeBudget& budget) {
  std::vector<double> loops_ns;
  const auto end = std::chrono::steady_clock::now() + budget.drift;
  do {
    loops_ns.push_back(spin_loop_ns());
  } while (std::chrono::steady_clock::now() < end);
  return {.spin_loop_ns = spread_of(loops_ns),
          .variation = coefficient_of_variation(loops_ns).value_or(0)};
}

Probes run_probes(const Topology& topology, const ProbeBudget& budget) {
  Probes probes;
  probes.counters = probe_counters();
  probes.energy_domains = probe_energy();
  probes.clocks = probe_clocks();
  probes.costs = probe_costs();
  probes.wake_up = probe_wake_up(topology, budget);
  probes.lines = probe_lines(topology, budget);
  probes.drift = probe_drift(budget);
  return probes;
}

void to_json(Json& json, const Spread& spread) {
  json = {{"median", spread.median},
          {"p05", spread.p05},
          {"p95", spread.p95},
          {"samples", spread.samples}};
}

void to_json(Json& json, const Probes& probes) {
  json = counters_json(probes.counters);
  json["costs"] = {{"counters_read_ns", probes.costs.counters_read_ns},
                   {"run_queue_wait_read_ns", probes.costs.run_queue_wait_read_ns},
                   {"peak_memory_bytes", probes.costs.peak_memory_bytes},
                   {"memory_policy", probes.costs.memory_policy}};
  json["energy_domains"] = probes.energy_domains;
  json["clocks"] = {{"steady_now_ns", probes.clocks.steady_now_ns},
                    {"tsc_read_ns", probes.clocks.tsc_read_ns},
                    {"thread_cpu_ns", probes.clocks.thread_cpu_ns},
                    {"resolution_ns", probes.clocks.resolution_ns}};
  json["wake_up_us"] = {{"other_cpu", probes.wake_up.other_cpu_us},
                        {"same_cpu", probes.wake_up.same_cpu_us}};
  json["lines"] = pairs_json(probes.lines);
  json["drift"] = {{"spin_loop_ns", probes.drift.spin_loop_ns},
                   {"variation", probes.drift.variation}};
  json["others_busy"] = probes.others_busy;
  json["steal"] = probes.steal;
}

}  // namespace lockbench
