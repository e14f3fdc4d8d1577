#include "harness/machine/probes/probes.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/machine/doctor/doctor.hpp"
#include "harness/machine/facts/context.hpp"
#include "harness/machine/probes/pinned_pair.hpp"
#include "harness/tests/machine/invented_files.hpp"

namespace lockbench {
namespace {

using Pairs = std::vector<std::pair<int, int>>;

template <typename T>
void expect_value_or_reason(const Probed<T>& probed) {
  EXPECT_NE(probed.known(), !probed.reason().empty());
  EXPECT_NE(probed.reason(), "not probed");
}

std::vector<Cpu> cpus(int count) {
  std::vector<Cpu> all;
  for (int i = 0; i < count; ++i) all.push_back({.os_index = i, .core = i});
  return all;
}

TEST(Samples, a_spread_holds_values_that_were_seen) {
  const Spread spread = spread_of({5, 1, 3});
  EXPECT_EQ(spread.median, 3);
  EXPECT_EQ(spread.p05, 1);
  EXPECT_EQ(spread.p95, 5);
  EXPECT_EQ(spread_of({7}).p95, 7);
}

TEST(LineProbe, round_trips_are_likened_to_distances) {
  EXPECT_EQ(line_distance(48), LineDistance::core);
  EXPECT_EQ(line_distance(107), LineDistance::cache);
  EXPECT_EQ(line_distance(520), LineDistance::far);
}

TEST(LineProbe, a_pair_seen_near_and_far_changes_its_distance) {
  LinePair pair;
  EXPECT_FALSE(changes_distance(pair)) << "nothing is known of it";
  pair.roundtrip_ns = Spread{107, 104, 115, 100};
  pair.shares = {0, 1, 0};
  EXPECT_FALSE(changes_distance(pair));
  pair.roundtrip_ns = Spread{107, 104, 520, 100};
  pair.shares = {0, 0.9, 0.1};
  EXPECT_TRUE(changes_distance(pair));
}

TEST(LineProbe, one_outlier_is_no_change_of_distance) {
  LinePair pair;
  pair.roundtrip_ns = Spread{107, 104, 115, 100};
  pair.shares = {0, 0.99, 0.01};
  EXPECT_FALSE(changes_distance(pair));
}

TEST(LineProbe, few_cpus_are_paired_completely) {
  EXPECT_EQ(choose_pairs(cpus(3), 120), (Pairs{{0, 1}, {0, 2}, {1, 2}}));
  EXPECT_TRUE(choose_pairs(cpus(1), 120).empty());
}

TEST(LineProbe, many_cpus_are_sampled_alike_every_time) {
  const Pairs chosen = choose_pairs(cpus(64), 50);
  EXPECT_EQ(chosen.size(), 50U);
  EXPECT_EQ(chosen, choose_pairs(cpus(64), 50));
}

TEST(LineProbe, one_cpu_has_no_distance_and_says_so) {
  Topology one;
  one.cpus = cpus(1);
  const LineProbe probe = probe_lines(one, quick_budget);
  EXPECT_FALSE(probe.pairs.known());
  EXPECT_FALSE(probe.pairs.reason().empty());
}

TEST(LineProbe, cpus_that_do_not_exist_end_in_a_reason) {
  Topology nonsense;
  nonsense.cpus = {{.os_index = 60000, .core = 0}, {.os_index = 60001, .core = 1}};
  const LineProbe probe = probe_lines(nonsense, quick_budget);
  ASSERT_EQ(probe.pairs->size(), 1U);
  const auto& roundtrip_ns = probe.pairs->front().roundtrip_ns;
  EXPECT_FALSE(roundtrip_ns.known());
  EXPECT_NE(roundtrip_ns.reason().find("cannot run on CPU"), std::string::npos);
}

TEST(WakeUpProbe, without_cpus_there_is_a_reason) {
  const WakeUpProbe probe = probe_wake_up(Topology{}, quick_budget);
  EXPECT_FALSE(probe.same_cpu_us.known());
  EXPECT_FALSE(probe.other_cpu_us.known());
}

TEST(PinnedPair, the_role_of_a_thread_that_cannot_be_pinned_is_not_run) {
  bool ran = false;
  const std::string failure = run_pinned_pair(
      60000, [&] { ran = true; }, 60000, [] {});
  EXPECT_FALSE(ran);
  EXPECT_FALSE(failure.empty());
}

TEST(EnergyProbe, readable_domains_are_named) {
  InventedFiles invented;
  invented.with("/sys/class/powercap/intel-rapl:0/name", "package-0\n")
      .with("/sys/class/powercap/intel-rapl:0/energy_uj", "123\n");
  EXPECT_EQ(probe_energy(invented.files()).value(), (std::vector<std::string>{"package-0"}));
}

TEST(EnergyProbe, a_machine_without_counters_says_so) {
  const InventedFiles invented;
  EXPECT_EQ(probe_energy(invented.files()).reason(),
            "no energy counters under /sys/class/powercap");
}

TEST(Probes, every_probe_of_this_machine_gives_a_value_or_a_reason) {
  const Probes probes = read_machine_facts(quick_budget).probes;
  expect_value_or_reason(probes.counters.task_clock_ns);
  expect_value_or_reason(probes.counters.context_switches);
  for (const auto& count : probes.counters.events.all) expect_value_or_reason(count);
  expect_value_or_reason(probes.costs.counters_read_ns);
  expect_value_or_reason(probes.costs.run_queue_wait_read_ns);
  expect_value_or_reason(probes.costs.peak_memory_bytes);
  expect_value_or_reason(probes.costs.memory_policy);
  expect_value_or_reason(probes.energy_domains);
  expect_value_or_reason(probes.clocks.steady_now_ns);
  expect_value_or_reason(probes.clocks.tsc_read_ns);
  expect_value_or_reason(probes.clocks.thread_cpu_ns);
  expect_value_or_reason(probes.clocks.resolution_ns);
  expect_value_or_reason(probes.wake_up.other_cpu_us);
  expect_value_or_reason(probes.wake_up.same_cpu_us);
  expect_value_or_reason(probes.lines.pairs);
  for (const LinePair& pair : probes.lines.pairs.value_or({})) {
    expect_value_or_reason(pair.roundtrip_ns);
  }
  expect_value_or_reason(probes.drift.variation);
  expect_value_or_reason(probes.others_busy);
  expect_value_or_reason(probes.steal);
}

TEST(Probes, their_json_keeps_the_reason_of_what_is_missing) {
  Probes probes;
  probes.energy_domains = Unknown{"no RAPL"};
  probes.lines.pairs = Unknown{"one CPU"};
  const nlohmann::json recorded = probes;
  EXPECT_EQ(recorded.at("energy_domains").at("reason"), "no RAPL");
  EXPECT_TRUE(recorded.at("energy_domains").at("value").is_null());
  EXPECT_EQ(recorded.at("lines").at("reason"), "one CPU");
}

TEST(Probes, what_cannot_be_counted_is_listed_with_its_reason_once) {
  Probes probes;
  probes.counters.events[ThreadEvent::futex_calls] = Unknown{"no tracepoint"};
  probes.counters.sources[ThreadEvent::futex_calls] = Unknown{"no tracepoint"};
  probes.counters.sources[ThreadEvent::page_faults] = std::string("perf, user only");
  probes.costs.run_queue_wait_read_ns = Unknown{"no schedstat"};
  probes.costs.peak_memory_bytes = Unknown{"read-only"};
  const nlohmann::json recorded = probes;
  const nlohmann::json unknown = unknowns_in(recorded);
  EXPECT_EQ(unknown.at("software_counters.futex_calls"), "no tracepoint");
  EXPECT_EQ(unknown.at("costs.run_queue_wait_read_ns"), "no schedstat");
  EXPECT_EQ(unknown.at("costs.peak_memory_bytes"), "read-only");
  EXPECT_EQ(recorded.at("counter_sources"), (nlohmann::json{{"page_faults", "perf, user only"}}));
}

TEST(CostProbe, without_the_kernels_files_gives_reasons) {
  const InventedFiles none;
  const CostProbe probe = probe_costs(none.files());
  EXPECT_NE(probe.run_queue_wait_read_ns.reason().find("schedstat"), std::string::npos);
  EXPECT_NE(probe.peak_memory_bytes.reason().find("clear_refs"), std::string::npos);
}

}  // namespace
}  // namespace lockbench
