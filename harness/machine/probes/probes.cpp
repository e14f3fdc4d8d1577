#include "harness/machine/probes/probes.hpp"

#include <thread>

#include <nlohmann/json.hpp>

#include "harness/machine/probes/spin_loop.hpp"

namespace lockbench {
namespace {

using Json = nlohmann::json;

Json pairs_json(const LineProbe& lines) {
  if (!lines.reason.empty()) return Measured<double>(Unknown{lines.reason});
  Json pairs = Json::array();
  for (const LinePair& pair : lines.pairs) {
    pairs.push_back({{"cpus", {pair.first_cpu, pair.second_cpu}},
                     {"roundtrip_ns", pair.roundtrip_ns},
                     {"changes_distance", changes_distance(pair)}});
    if (pair.shares.empty()) continue;
    Json& shares = pairs.back()["share_like"];
    for (std::size_t i = 0; i < pair.shares.size(); ++i) {
      shares[std::string(to_string(static_cast<LineDistance>(i)))] = pair.shares[i];
    }
  }
  return {{"pairs", pairs}, {"possible_pairs", lines.possible_pairs}};
}

/// Only of what is counted: why something is not stands in its own place already.
Json sources_json(const PerThreadEvent<Measured<std::string>>& sources) {
  Json known = Json::object();
  for (std::size_t i = 0; i < thread_event_count; ++i) {
    if (!sources.all[i].known()) continue;
    known[std::string(to_string(static_cast<ThreadEvent>(i)))] = sources.all[i].value();
  }
  return known;
}

Measured<double> probe_others(std::chrono::milliseconds quiet) {
  const Load before = read_load();
  std::this_thread::sleep_for(quiet);
  return shares_between(before, read_load()).then([](const CpuShares& s) { return s.busy; });
}

}  // namespace

DriftProbe probe_drift(const ProbeBudget& budget) {
  std::vector<double> loops_ns;
  const auto end = std::chrono::steady_clock::now() + budget.drift;
  do {
    loops_ns.push_back(spin_loop_ns());
  } while (std::chrono::steady_clock::now() < end);
  return {.spin_loop_ns = spread_of(loops_ns), .variation = coefficient_of_variation(loops_ns)};
}

Probes run_probes(const Topology& topology, const ProbeBudget& budget) {
  Probes probes;
  probes.others_busy = probe_others(budget.quiet);
  const Load before = read_load();
  probes.counters = probe_counters();
  probes.energy_domains = probe_energy();
  probes.clocks = probe_clocks();
  probes.costs = probe_costs();
  probes.wake_up = probe_wake_up(topology, budget);
  probes.lines = probe_lines(topology, budget);
  probes.drift = probe_drift(budget);
  probes.steal =
      shares_between(before, read_load()).then([](const CpuShares& s) { return s.steal; });
  return probes;
}

void to_json(Json& target, const Probes& probes) {
  target["hardware_counters"] = {{"cycles", probes.counters.cycles},
                                 {"instructions", probes.counters.instructions},
                                 {"cache_misses", probes.counters.cache_misses},
                                 {"branch_misses", probes.counters.branch_misses}};
  target["software_counters"] = {{"task_clock_ns", probes.counters.task_clock_ns},
                                 {"context_switches", probes.counters.context_switches},
                                 {"page_faults", probes.counters.page_faults},
                                 {"cpu_migrations", probes.counters.cpu_migrations},
                                 {"futex_calls", probes.counters.futex_calls}};
  target["counter_sources"] = sources_json(probes.counters.sources);
  target["costs"] = {{"counters_read_ns", probes.costs.counters_read_ns},
                     {"run_queue_wait_read_ns", probes.costs.run_queue_wait_read_ns},
                     {"peak_memory_bytes", probes.costs.peak_memory_bytes},
                     {"memory_policy", probes.costs.memory_policy}};
  target["energy_domains"] = probes.energy_domains;
  target["clocks"] = {{"steady_now_ns", probes.clocks.steady_now_ns},
                      {"tsc_read_ns", probes.clocks.tsc_read_ns},
                      {"thread_cpu_ns", probes.clocks.thread_cpu_ns},
                      {"resolution_ns", probes.clocks.resolution_ns}};
  target["wake_up_us"] = {{"other_cpu", probes.wake_up.other_cpu_us},
                          {"same_cpu", probes.wake_up.same_cpu_us}};
  target["lines"] = pairs_json(probes.lines);
  target["drift"] = {{"spin_loop_ns", probes.drift.spin_loop_ns},
                     {"variation", probes.drift.variation}};
  target["others_busy"] = probes.others_busy;
  target["steal"] = probes.steal;
}

}  // namespace lockbench
