#include "harness/machine/doctor/doctor.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include <nlohmann/json.hpp>

namespace lockbench {
namespace {

LinePair pair_at(int first, int second, Spread roundtrip_ns, std::vector<double> shares) {
  LinePair pair;
  pair.first_cpu = first;
  pair.second_cpu = second;
  pair.roundtrip_ns = roundtrip_ns;
  pair.shares = std::move(shares);
  return pair;
}

const LinePair near_pair = pair_at(0, 1, {100, 98, 110, 200}, {0, 1, 0});

/// Bare metal, four cores behind one cache, set up as it should be.
MachineFacts good_machine() {
  MachineFacts facts;
  for (int cpu = 0; cpu < 4; ++cpu) facts.topology.cpus.push_back({.os_index = cpu, .core = cpu});
  facts.topology.quota_cpus = std::numeric_limits<double>::infinity();
  facts.topology.kinds = std::vector<CpuKind>{{.kind = 0, .cpus = {0, 1, 2, 3}}};
  facts.online_cpus = 4;
  facts.settings.governor = std::string("performance");
  facts.settings.frequency_driver = std::string("intel_pstate");
  facts.settings.turbo = false;
  facts.settings.smt_control = std::string("off");
  facts.settings.clocksource = std::string("tsc");
  facts.settings.transparent_hugepages = std::string("madvise");
  facts.settings.aslr = 2;
  facts.settings.swap_used_bytes = 0;
  facts.settings.memory_limit_bytes = std::numeric_limits<double>::infinity();
  facts.scheduling = {.policy = {.name = "SCHED_OTHER", .now = "SCHED_OTHER"},
                      .niceness = 0,
                      .most_priority = 0,
                      .runtime_us = 950'000,
                      .period_us = 1'000'000};
  facts.virtualisation.hypervisor = std::string("none");
  facts.virtualisation.container = "none detected";
  facts.load.load_1min = 0.05;
  facts.build = {.build_type = "Release", .sanitizers = "", .optimised = true};
  Probes& probes = facts.probes;
  auto& events = probes.counters.events;
  events[ThreadEvent::cycles] = events[ThreadEvent::instructions] = 1e6;
  events[ThreadEvent::cache_misses] = 1e6;
  probes.counters.task_clock_ns = 1e6;
  events[ThreadEvent::cpu_migrations] = events[ThreadEvent::futex_calls] = 0.0;
  probes.costs = {.counters_read_ns = 600.0,
                  .run_queue_wait_read_ns = 1600.0,
                  .peak_memory_bytes = 1 << 24,
                  .memory_policy = std::string("default")};
  probes.energy_domains = std::vector<std::string>{"package-0"};
  probes.clocks.steady_now_ns = 20.0;
  probes.wake_up.other_cpu_us = Spread{2.5, 2, 4, 200};
  probes.wake_up.same_cpu_us = Spread{1.5, 1, 2, 200};
  probes.lines.pairs = std::vector{near_pair, pair_at(2, 3, {104, 99, 111, 200}, {0, 1, 0})};
  probes.drift.spin_loop_ns = Spread{1400, 1390, 1410, 1000};
  probes.drift.variation = 0.005;
  probes.others_busy = 0.01;
  probes.steal = 0.0;
  return facts;
}

Finding finding_of(const MachineFacts& facts, std::string_view name) {
  const Diagnosis diagnosis = examine(facts);
  const auto found = std::ranges::find(diagnosis.findings, name, &Finding::name);
  if (found == diagnosis.findings.end()) throw std::runtime_error("no such finding");
  return *found;
}

/// The same machine as seen by a process that can probe nothing at all.
MachineFacts blind_machine() {
  MachineFacts facts = good_machine();
  facts.topology.quota_cpus = Unknown{"hidden"};
  facts.online_cpus = Unknown{"hidden"};
  facts.topology.kinds = Unknown{"hidden"};
  facts.settings = Settings{};
  facts.scheduling = Scheduling{};
  facts.virtualisation.hypervisor = Unknown{"hidden"};
  facts.load = Load{};
  facts.probes = Probes{};
  return facts;
}

TEST(Doctor, a_good_machine_is_all_ok) {
  const Diagnosis diagnosis = examine(good_machine());
  for (const Finding& finding : diagnosis.findings) {
    EXPECT_EQ(finding.severity, Severity::ok) << finding.name << ": " << finding.found;
  }
  EXPECT_TRUE(publishable(diagnosis));
}

TEST(Doctor, what_is_not_ok_always_says_what_it_means) {
  MachineFacts bad = good_machine();
  bad.topology.cpus.resize(1);
  bad.settings.governor = std::string("powersave");
  bad.settings.turbo = true;
  bad.settings.aslr = 0;
  for (const MachineFacts& facts : {bad, blind_machine()}) {
    for (const Finding& finding : examine(facts).findings) {
      EXPECT_FALSE(finding.found.empty()) << finding.name;
      EXPECT_TRUE(finding.severity == Severity::ok || !finding.consequence.empty()) << finding.name;
      EXPECT_TRUE(finding.severity < Severity::warning || !finding.change.empty()) << finding.name;
    }
  }
}

TEST(Doctor, what_cannot_be_probed_is_a_note_and_forbids_nothing) {
  const Diagnosis diagnosis = examine(blind_machine());
  EXPECT_EQ(worst_severity(diagnosis), Severity::note);
  EXPECT_EQ(doctor_exit_code(diagnosis, true), ExitCode::ok);
}

TEST(Doctor, the_worst_comes_first) {
  MachineFacts facts = good_machine();
  facts.settings.turbo = true;
  facts.build.build_type = "Debug";
  const Diagnosis diagnosis = examine(facts);
  EXPECT_EQ(diagnosis.findings[0].name, "build");
  EXPECT_EQ(diagnosis.findings[1].name, "turbo");
}

TEST(Doctor, only_strict_turns_warnings_into_an_exit_code) {
  MachineFacts facts = good_machine();
  facts.settings.turbo = true;
  const Diagnosis diagnosis = examine(facts);
  EXPECT_EQ(doctor_exit_code(diagnosis, false), ExitCode::ok);
  EXPECT_EQ(doctor_exit_code(diagnosis, true), ExitCode::inconclusive);
}

TEST(Doctor, a_build_that_is_no_release_is_unfit) {
  MachineFacts facts = good_machine();
  facts.build.sanitizers = "thread";
  EXPECT_EQ(finding_of(facts, "build").severity, Severity::unfit);
}

TEST(Doctor, one_cpu_is_unfit_and_two_are_a_note) {
  MachineFacts facts = good_machine();
  facts.topology.cpus.resize(2);
  EXPECT_EQ(finding_of(facts, "cpus").severity, Severity::note);
  facts.topology.cpus.resize(1);
  EXPECT_EQ(finding_of(facts, "cpus").severity, Severity::unfit);
  EXPECT_NE(finding_of(facts, "cpus").found.find("1 usable CPU (0)"), std::string::npos);
}

TEST(Doctor, a_quota_below_the_cpu_count_is_unfit) {
  MachineFacts facts = good_machine();
  facts.topology.quota_cpus = 2.5;
  EXPECT_EQ(finding_of(facts, "cpu quota").severity, Severity::unfit);
  EXPECT_EQ(finding_of(facts, "cpu quota").found, "the control group grants 2.5 of 4 CPUs");
  facts.topology.quota_cpus = 4.0;
  EXPECT_EQ(finding_of(facts, "cpu quota").severity, Severity::ok);
}

TEST(Doctor, cpus_of_several_kinds_are_named_and_one_kind_is_recommended) {
  MachineFacts facts = good_machine();
  facts.topology.kinds =
      std::vector<CpuKind>{{.kind = 0, .cpus = {2, 3}, .traits = {{"CoreType", "IntelAtom"}}},
                           {.kind = 1, .cpus = {0, 1}, .traits = {{"LinuxCapacity", "1024"}}}};
  const Finding finding = finding_of(facts, "cpu kinds");
  EXPECT_EQ(finding.severity, Severity::warning);
  EXPECT_EQ(finding.found, "2 kinds: 2-3 IntelAtom; 0-1");
  EXPECT_NE(finding.change.find("taskset -c 0-1 "), std::string::npos) << finding.change;
}

TEST(Doctor, a_memory_limit_below_a_gibibyte_is_a_warning) {
  MachineFacts facts = good_machine();
  facts.settings.memory_limit_bytes = 0x1p30;
  EXPECT_EQ(finding_of(facts, "memory limit").severity, Severity::ok);
  EXPECT_EQ(finding_of(facts, "memory limit").found, "the control group may use 1024 MiB");
  facts.settings.memory_limit_bytes = 0x1p29;
  EXPECT_EQ(finding_of(facts, "memory limit").severity, Severity::warning);
}

TEST(Doctor, a_policy_that_was_given_up_is_named) {
  MachineFacts facts = good_machine();
  facts.scheduling.policy.name = "SCHED_FIFO 50";
  EXPECT_EQ(finding_of(facts, "scheduling").severity, Severity::ok);
  EXPECT_EQ(finding_of(facts, "scheduling").found,
            "SCHED_OTHER, for which SCHED_FIFO 50 is given up");
}

TEST(Doctor, threads_that_come_later_or_earlier_than_others_are_a_warning) {
  MachineFacts facts = good_machine();
  facts.scheduling.niceness = 5;
  EXPECT_EQ(finding_of(facts, "scheduling").severity, Severity::warning);
  EXPECT_EQ(finding_of(facts, "scheduling").found, "SCHED_OTHER, niceness 5");
  facts.scheduling.niceness = 0;
  facts.scheduling.policy.now = "SCHED_IDLE";
  EXPECT_EQ(finding_of(facts, "scheduling").severity, Severity::warning);
}

TEST(Doctor, withheld_cpus_are_named) {
  MachineFacts facts = good_machine();
  facts.online_cpus = 8;
  EXPECT_EQ(finding_of(facts, "affinity").found, "4 of 8 online CPUs are usable (0-3)");
}

TEST(Doctor, smt_siblings_are_a_note_with_the_thread_count_where_scaling_bends) {
  MachineFacts facts = good_machine();
  facts.topology.cpus[2].core = 0;
  facts.topology.cpus[3].core = 1;
  const Finding finding = finding_of(facts, "smt");
  EXPECT_EQ(finding.severity, Severity::note);
  EXPECT_NE(finding.consequence.find("more than 2 threads"), std::string::npos);
}

TEST(Doctor, a_guest_cannot_be_sure_of_its_cores) {
  MachineFacts facts = good_machine();
  facts.virtualisation.hypervisor = std::string("kvm");
  EXPECT_EQ(finding_of(facts, "smt").severity, Severity::note);
  EXPECT_EQ(finding_of(facts, "virtualisation").severity, Severity::note);
}

TEST(Doctor, cores_as_near_as_siblings_are_not_believed) {
  MachineFacts facts = good_machine();
  facts.probes.lines.pairs = std::vector{pair_at(0, 1, {48, 47, 52, 200}, {1, 0, 0}),
                                         pair_at(2, 3, {48, 47, 52, 200}, {1, 0, 0})};
  EXPECT_EQ(finding_of(facts, "line distance").severity, Severity::note);
  EXPECT_NE(finding_of(facts, "line distance").found.find("though shown as two cores"),
            std::string::npos);
}

TEST(Doctor, a_distance_that_changes_is_a_warning_that_names_the_pair) {
  MachineFacts facts = good_machine();
  facts.probes.lines.pairs =
      std::vector{near_pair, pair_at(2, 3, {107, 105, 520, 200}, {0, 0.8, 0.2})};
  const Finding finding = finding_of(facts, "line steadiness");
  EXPECT_EQ(finding.severity, Severity::warning);
  EXPECT_NE(finding.found.find("1 of 2 pairs"), std::string::npos);
  EXPECT_NE(finding.found.find("CPUs 2 and 3: 105-520 ns"), std::string::npos);
}

TEST(Doctor, pairs_that_differ_steadily_are_only_a_note_on_pinning) {
  MachineFacts facts = good_machine();
  facts.probes.lines.pairs = std::vector{near_pair, pair_at(2, 3, {520, 510, 530, 200}, {0, 0, 1})};
  EXPECT_EQ(finding_of(facts, "line steadiness").severity, Severity::ok);
  EXPECT_EQ(finding_of(facts, "line distance").severity, Severity::note);
  EXPECT_NE(finding_of(facts, "line distance").consequence.find("--pinning"), std::string::npos);
}

TEST(Doctor, dear_wake_ups_are_a_note_beside_which_blocking_strategies_are_read) {
  MachineFacts facts = good_machine();
  facts.probes.wake_up.other_cpu_us = Spread{30, 25, 60, 200};
  EXPECT_EQ(finding_of(facts, "wake-up").severity, Severity::note);
}

TEST(Doctor, load_of_others_grows_from_ok_to_unfit) {
  MachineFacts facts = good_machine();
  facts.probes.others_busy = 0.2;
  EXPECT_EQ(finding_of(facts, "other work").severity, Severity::warning);
  facts.probes.others_busy = 0.9;
  EXPECT_EQ(finding_of(facts, "other work").severity, Severity::unfit);
}

TEST(Doctor, stolen_time_grows_from_ok_to_unfit) {
  MachineFacts facts = good_machine();
  facts.probes.steal = 0.01;
  EXPECT_EQ(finding_of(facts, "stolen time").severity, Severity::warning);
  facts.probes.steal = 0.2;
  EXPECT_EQ(finding_of(facts, "stolen time").severity, Severity::unfit);
}

TEST(Doctor, slow_clocks_are_warned_of_by_name_or_by_cost) {
  MachineFacts facts = good_machine();
  facts.settings.clocksource = std::string("hpet");
  EXPECT_EQ(finding_of(facts, "clock").severity, Severity::warning);
  facts.settings.clocksource = std::string("tsc");
  facts.probes.clocks.steady_now_ns = 700.0;
  EXPECT_EQ(finding_of(facts, "clock").severity, Severity::warning);
}

TEST(Doctor, drift_swap_and_page_moves_are_warnings) {
  MachineFacts facts = good_machine();
  facts.probes.drift.variation = 0.12;
  facts.settings.swap_used_bytes = 1 << 20;
  facts.settings.numa_balancing = 1;
  facts.topology.cpus[3].numa = 1;
  for (const char* name : {"speed drift", "swap", "numa"}) {
    EXPECT_EQ(finding_of(facts, name).severity, Severity::warning) << name;
  }
}

TEST(Doctor, forbidden_counters_come_with_the_command_that_allows_them) {
  MachineFacts facts = good_machine();
  facts.probes.counters.events[ThreadEvent::cycles] =
      Unknown{"Permission denied; kernel.perf_event_paranoid is 4"};
  EXPECT_NE(finding_of(facts, "hardware counters").change.find("sysctl"), std::string::npos);
  facts.probes.counters.events[ThreadEvent::cycles] = Unknown{"No such file or directory"};
  EXPECT_NE(finding_of(facts, "hardware counters").change.find("bare metal"), std::string::npos);
}

TEST(Doctor, a_cost_that_cannot_be_read_is_a_note_with_its_reason_and_a_change) {
  MachineFacts facts = good_machine();
  facts.probes.counters.events[ThreadEvent::cpu_migrations] = Unknown{"no migrations"};
  facts.probes.counters.events[ThreadEvent::futex_calls] = Unknown{"no tracepoint"};
  facts.probes.costs.run_queue_wait_read_ns = Unknown{"no schedstat"};
  facts.probes.costs.peak_memory_bytes = Unknown{"no reset"};
  const std::pair<const char*, const char*> expected[] = {{"migrations", "no migrations"},
                                                          {"futex calls", "no tracepoint"},
                                                          {"run queue wait", "no schedstat"},
                                                          {"peak memory", "no reset"}};
  for (const auto& [name, reason] : expected) {
    const Finding finding = finding_of(facts, name);
    EXPECT_EQ(finding.severity, Severity::note) << name;
    EXPECT_EQ(finding.found, reason) << name;
    EXPECT_FALSE(finding.consequence.empty()) << name;
    EXPECT_FALSE(finding.change.empty()) << name;
  }
}

TEST(Doctor, migrations_name_what_counts_them) {
  MachineFacts facts = good_machine();
  facts.probes.counters.sources[ThreadEvent::cpu_migrations] =
      std::string("/proc/thread-self/sched");
  EXPECT_EQ(finding_of(facts, "migrations").found, "counted: /proc/thread-self/sched");
}

TEST(Doctor, memory_that_cannot_be_bound_is_noted_where_there_are_several_nodes) {
  MachineFacts facts = good_machine();
  facts.probes.costs.memory_policy = Unknown{"forbidden"};
  EXPECT_EQ(finding_of(facts, "memory binding").severity, Severity::ok);
  facts.topology.cpus[3].numa = 1;
  EXPECT_EQ(finding_of(facts, "memory binding").found, "forbidden");
  EXPECT_EQ(finding_of(facts, "memory binding").severity, Severity::note);
  facts.probes.costs.memory_policy = std::string("default");
  EXPECT_EQ(finding_of(facts, "memory binding").severity, Severity::ok);
  EXPECT_NE(finding_of(facts, "memory binding").found.find("binds its memory"), std::string::npos);
  facts.probes.costs.memory_policy = std::string("bind");
  EXPECT_EQ(finding_of(facts, "memory binding").severity, Severity::ok);
}

TEST(Doctor, strict_refuses_each_thing_that_moves_results_and_nothing_else) {
  const std::pair<const char*, void (*)(MachineFacts&)> moving[] = {
      {"turbo", [](MachineFacts& facts) { facts.settings.turbo = true; }},
      {"governor", [](MachineFacts& f) { f.settings.governor = std::string("powersave"); }},
      {"others", [](MachineFacts& facts) { facts.probes.others_busy = 0.2; }},
      {"steal", [](MachineFacts& facts) { facts.probes.steal = 0.2; }},
      {"quota", [](MachineFacts& facts) { facts.topology.quota_cpus = 1.5; }},
      {"memory", [](MachineFacts& facts) { facts.settings.memory_limit_bytes = 1e8; }},
      {"niceness", [](MachineFacts& facts) { facts.scheduling.niceness = -5; }},
      {"debug build", [](MachineFacts& facts) { facts.build.build_type = "Debug"; }}};
  for (const auto& [name, spoil] : moving) {
    MachineFacts facts = good_machine();
    spoil(facts);
    EXPECT_EQ(static_cast<int>(doctor_exit_code(examine(facts), true)), 5) << name;
  }
  MachineFacts without_counters = good_machine();
  without_counters.probes.counters = CounterProbe{};
  without_counters.probes.costs = CostProbe{};
  EXPECT_EQ(doctor_exit_code(examine(without_counters), true), ExitCode::ok);
}

TEST(Doctor, the_text_stays_within_its_width_and_ends_with_a_verdict) {
  MachineFacts facts = blind_machine();
  facts.build.build_type = "Debug";
  const std::string text = render_text(examine(facts), 80);
  for (const std::string& line : split_lines(text)) EXPECT_LE(line.size(), 80U) << line;
  EXPECT_NE(text.find("\nUnfit: "), std::string::npos);
  EXPECT_NE(render_text(examine(good_machine())).find("\nFit for results"), std::string::npos);
}

TEST(Doctor, its_json_holds_every_finding_and_the_verdict) {
  MachineFacts facts = good_machine();
  facts.settings.turbo = true;
  const Diagnosis diagnosis = examine(facts);
  const nlohmann::json json = diagnosis;
  EXPECT_EQ(json.at("findings").size(), diagnosis.findings.size());
  EXPECT_EQ(json.at("worst"), "warning");
  EXPECT_EQ(json.at("publishable"), false);
  EXPECT_EQ(json.at("findings").at(0).at("name"), "turbo");
}

TEST(Doctor, this_machine_can_be_diagnosed) {
  const Diagnosis diagnosis = examine(read_machine_facts(quick_budget));
  EXPECT_FALSE(diagnosis.findings.empty());
  EXPECT_FALSE(render_text(diagnosis).empty());
}

}  // namespace
}  // namespace lockbench
