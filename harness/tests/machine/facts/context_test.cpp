#include "harness/machine/facts/context.hpp"

#include <gtest/gtest.h>

#include <limits>

#include <nlohmann/json.hpp>

#include "harness/machine/facts/build_context.hpp"
#include "harness/tests/machine/invented_files.hpp"

namespace lockbench {
namespace {

using nlohmann::json;

Topology two_cpus() {
  Topology topology;
  topology.cpus = {{.os_index = 0, .core = 0}, {.os_index = 2, .core = 1}};
  topology.quota_cpus = std::numeric_limits<double>::infinity();
  topology.caches = {{"L1d", 49152, 64, 2}};
  return topology;
}

Virtualisation real_machine() {
  return {.hypervisor = std::string("none"),
          .system_vendor = Unknown{"no DMI"},
          .product = Unknown{"no DMI"},
          .container = "none detected"};
}

TEST(Context, what_the_files_tell_is_recorded) {
  InventedFiles invented;
  invented.with("/proc/cpuinfo", "processor : 0\nmodel name : Fast CPU\n")
      .with("/sys/devices/system/cpu/online", "0-3\n")
      .with("/etc/os-release", "ID=debian\nPRETTY_NAME=\"Debian 12\"\n")
      .with("/sys/devices/system/cpu/vulnerabilities/meltdown", "Mitigation: PTI\n")
      .with("/sys/devices/system/cpu/vulnerabilities/mds", "Not affected\n");
  const json context = machine_context(invented.files(), two_cpus(), real_machine());
  EXPECT_EQ(context.at("cpu").at("model"), "Fast CPU");
  EXPECT_EQ(context.at("cpu").at("online"), 4);
  EXPECT_EQ(context.at("cpu").at("available"), 2);
  EXPECT_EQ(context.at("cpu").at("available_cpus"), "0,2");
  EXPECT_EQ(context.at("cpu").at("usable_cpus"), 2.0);
  EXPECT_EQ(context.at("kernel").at("distribution"), "Debian 12");
  EXPECT_EQ(context.at("kernel").at("mitigations"), json({{"meltdown", "Mitigation: PTI"}}));
  EXPECT_EQ(context.at("topology").at("caches").at(0).at("bytes"), 49152);
}

TEST(Context, frequencies_are_in_mhz_and_differing_ones_are_not_averaged) {
  InventedFiles invented;
  invented.with("/sys/devices/system/cpu/cpu0/cpufreq/scaling_min_freq", "800000\n")
      .with("/sys/devices/system/cpu/cpu0/cpufreq/scaling_max_freq", "3500000\n")
      .with("/sys/devices/system/cpu/cpu1/cpufreq/scaling_max_freq", "2400000\n");
  const json frequency =
      machine_context(invented.files(), two_cpus(), real_machine()).at("frequency");
  EXPECT_EQ(frequency.at("min_mhz"), 800);
  EXPECT_EQ(frequency.at("max_mhz").at("reason"), "CPUs differ: 2400000,3500000 kHz");
}

TEST(Context, a_memory_limit_of_control_groups_is_in_bytes_and_its_absence_has_a_reason) {
  InventedFiles invented;
  invented.with("/proc/self/mountinfo", "31 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n")
      .with("/proc/self/cgroup", "0::/box\n");
  const auto limit = [&] {
    return machine_context(invented.files(), two_cpus(), real_machine())
        .at("memory")
        .at("limit_bytes");
  };
  EXPECT_EQ(limit().at("reason"), "no limit is set");
  invented.with("/sys/fs/cgroup/box/memory.max", "1073741824\n");
  EXPECT_EQ(limit(), 1 << 30);
}

TEST(Context, kinds_of_cpus_have_their_cpus_and_traits_or_a_reason) {
  Topology topology = two_cpus();
  EXPECT_TRUE(topology_json(topology).at("cpus").at(0).at("kind").is_null());
  topology.kinds = Unknown{"no kinds"};
  EXPECT_EQ(topology_json(topology).at("cpu_kinds").at("reason"), "no kinds");
  topology.cpus[0].kind = 1;
  topology.cpus[1].kind = 0;
  topology.kinds = std::vector<CpuKind>{{.kind = 0, .cpus = {2}, .traits = {{"CoreType", "Atom"}}},
                                        {.kind = 1, .cpus = {0}, .traits = {}}};
  const json written = topology_json(topology);
  EXPECT_EQ(written.at("cpu_kinds").at(0),
            json({{"kind", 0}, {"cpus", "2"}, {"traits", {{"CoreType", "Atom"}}}}));
  EXPECT_EQ(written.at("cpu_kinds").at(1).at("traits"), json::object());
  EXPECT_EQ(written.at("cpus").at(0).at("kind"), 1);
}

TEST(Context, how_the_process_is_scheduled_is_recorded) {
  InventedFiles invented;
  invented.with("/proc/sys/kernel/sched_rt_runtime_us", "-1\n")
      .with("/proc/sys/kernel/sched_rt_period_us", "1000000\n");
  const json how = machine_context(invented.files(), two_cpus(), real_machine()).at("scheduling");
  EXPECT_TRUE(how.at("inherited").get<std::string>().starts_with("SCHED_"));
  EXPECT_TRUE(how.at("measured_with").get<std::string>().starts_with("SCHED_"));
  EXPECT_EQ(how.at("runtime_us"), -1);
  EXPECT_EQ(how.at("period_us"), 1000000);
  EXPECT_TRUE(how.at("niceness").is_number() && how.at("most_priority").is_number());
}

TEST(Context, memory_is_in_bytes) {
  InventedFiles invented;
  invented.with("/proc/meminfo", "MemTotal: 1024 kB\n");
  const json context = machine_context(invented.files(), two_cpus(), real_machine());
  EXPECT_EQ(context.at("memory").at("total_bytes"), 1024 * 1024);
}

TEST(Context, without_any_file_it_is_all_reasons_and_no_zeros) {
  const InventedFiles invented;
  const json context = machine_context(invented.files(), two_cpus(), real_machine());
  for (const char* where :
       {"/cpu/model", "/cpu/online", "/cpu/quota_cpus", "/frequency/governor", "/frequency/turbo",
        "/frequency/min_mhz", "/kernel/clocksource", "/kernel/isolated_cpus",
        "/kernel/perf_event_paranoid", "/kernel/mitigations", "/memory/total_bytes",
        "/load/load_1min", "/load/steal_ticks"}) {
    const json& entry = context.at(json::json_pointer(where));
    ASSERT_TRUE(entry.is_object()) << where;
    EXPECT_TRUE(entry.at("value").is_null()) << where;
    EXPECT_FALSE(entry.at("reason").get<std::string>().empty()) << where;
  }
}

TEST(Context, what_is_unknown_is_listed_by_its_path) {
  const json context = {
      {"cpu", {{"model", "x"}, {"governor", Probed<double>(Unknown{"a guest"})}}},
      {"pairs", json::array({json{{"ns", Probed<double>(Unknown{"too slow"})}}})}};
  EXPECT_EQ(unknowns_in(context), json({{"cpu.governor", "a guest"}, {"pairs.0.ns", "too slow"}}));
}

TEST(Context, an_unreadable_topology_is_not_made_up) {
  Topology topology = two_cpus();
  topology.unreadable = "hwloc could not read the topology";
  EXPECT_TRUE(topology_json(topology).at("value").is_null());
}

TEST(Context, this_machine_can_be_described_and_written_down) {
  const json context = machine_context();
  EXPECT_GE(context.at("cpu").at("available"), 1);
  EXPECT_NO_THROW(static_cast<void>(context.dump()));
}

TEST(BuildContext, only_an_optimised_release_without_sanitizers_is_recordable) {
  const BuildFacts release{.build_type = "Release", .sanitizers = "", .optimised = true};
  EXPECT_EQ(why_not_recordable(release), "");
  BuildFacts other = release;
  other.build_type = "Debug";
  EXPECT_EQ(why_not_recordable(other), "built as Debug, not as Release");
  other = release;
  other.sanitizers = "thread";
  EXPECT_EQ(why_not_recordable(other), "built with sanitizers: thread");
  other = release;
  other.optimised = false;
  EXPECT_NE(why_not_recordable(other), "");
  other = release;
  other.assertions = true;
  EXPECT_NE(why_not_recordable(other), "");
}

TEST(BuildContext, the_verdict_in_the_json_is_the_one_of_the_rule) {
  const json context = build_context();
  EXPECT_EQ(context.at("recordable"), why_not_recordable(build_facts()).empty());
  EXPECT_NE(context.at("recordable"), context.contains("not_recordable_because"));
  EXPECT_FALSE(context.at("compiler_version").get<std::string>().empty());
  EXPECT_TRUE(context.at("libraries").contains("fmt"));
}

TEST(BuildContext, a_commit_is_a_hash_or_unknown) {
  const std::string commit = build_commit();
  EXPECT_TRUE(commit == "unknown" ||
              commit.find_first_not_of("0123456789abcdef") == std::string::npos)
      << commit;
}

}  // namespace
}  // namespace lockbench
