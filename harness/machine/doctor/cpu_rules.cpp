#include <fmt/format.h>

#include <cmath>

#include "harness/machine/doctor/rules.hpp"

namespace lockbench::doctor {
namespace {

std::string available_list(const Topology& topology) {
  std::vector<int> cpus;
  for (const Cpu& cpu : topology.cpus) cpus.push_back(cpu.os_index);
  return format_cpu_list(cpus);
}

}  // namespace

Finding build_rule(const MachineFacts& facts) {
  const std::string why_not = why_not_recordable(facts.build);
  if (why_not.empty()) return {"build", Severity::ok, "optimised release, no sanitizers", {}, {}};
  return {"build", Severity::unfit, why_not,
          "Locks cost a few nanoseconds, and so does what such a build adds around them. Every row "
          "is marked invalid.",
          "cmake --preset release && cmake --build --preset release"};
}

Finding cpus_rule(const MachineFacts& facts) {
  constexpr std::size_t enough = 4;
  const std::size_t cpus = facts.topology.cpus.size();
  const std::string found = fmt::format("{} usable CPU{} ({})", cpus, cpus == 1 ? "" : "s",
                                        available_list(facts.topology));
  if (cpus < 2) {
    return {"cpus", Severity::unfit, found,
            "Threads only take turns: two never meet at a lock, so all that is measured is "
            "scheduling.",
            "Give the process at least two CPUs: taskset, docker --cpuset-cpus, or more virtual "
            "CPUs."};
  }
  if (facts.most_threads > cpus) {
    return {"cpus", Severity::note,
            fmt::format("{}; up to {} threads are asked for", found, facts.most_threads),
            fmt::format("Cases above {} threads are oversubscribed: they show how a lock bears "
                        "preemption, not how it scales.",
                        cpus),
            "Read those cases apart from the others, or use a machine with more CPUs."};
  }
  if (cpus < enough) {
    return {"cpus", Severity::note, found,
            fmt::format("Contention among more than {} running threads cannot be shown here; every "
                        "case above {} threads is oversubscribed.",
                        cpus, cpus),
            "Use a machine with more CPUs for conclusions about scaling."};
  }
  return {"cpus", Severity::ok, found, {}, {}};
}

Finding quota_rule(const MachineFacts& facts) {
  const auto& quota = facts.topology.quota_cpus;
  const auto cpus = static_cast<double>(facts.topology.cpus.size());
  if (!quota.known()) {
    return {"cpu quota",
            Severity::note,
            quota.reason(),
            "A quota would stop all threads for part of every period, unseen.",
            {}};
  }
  if (std::isinf(quota.value())) return {"cpu quota", Severity::ok, "none", {}, {}};
  const std::string found =
      fmt::format("the control group grants {:.3g} of {} CPUs", quota.value(), cpus);
  if (quota.value() >= cpus) return {"cpu quota", Severity::ok, found, {}, {}};
  return {"cpu quota", Severity::unfit, found,
          "Once the quota of a period (mostly 100 ms) is used up, every thread stands still until "
          "the next: windows of 10-20 ms measure either full speed or none.",
          "Limit CPUs by number instead of by time: docker --cpuset-cpus instead of --cpus; for "
          "services, AllowedCPUs= instead of CPUQuota=."};
}

Finding affinity_rule(const MachineFacts& facts) {
  const auto available = static_cast<std::int64_t>(facts.topology.cpus.size());
  if (!facts.online_cpus.known()) {
    return {"affinity",
            Severity::note,
            facts.online_cpus.reason(),
            "Whether CPUs are withheld from this process cannot be told.",
            {}};
  }
  const std::int64_t online = facts.online_cpus.value();
  if (available >= online) return {"affinity", Severity::ok, "all online CPUs are usable", {}, {}};
  return {"affinity", Severity::note,
          fmt::format("{} of {} online CPUs are usable ({})", available, online,
                      available_list(facts.topology)),
          "Results hold for this part of the machine. Others may run on the rest and share its "
          "caches and its power.",
          "If this is not meant: start without taskset, or widen the cpuset."};
}

Finding smt_rule(const MachineFacts& facts) {
  const auto& control = facts.settings.smt_control;
  const std::size_t cpus = facts.topology.cpus.size();
  const std::size_t cores = count_cores(facts.topology);
  if (has_smt(facts.topology)) {
    return {"smt", Severity::note, fmt::format("on: {} hardware threads on {} cores", cpus, cores),
            fmt::format("Teams of more than {} threads put two on one core: these share its caches "
                        "and halve its speed, and scaling bends there.",
                        cores),
            "echo off | sudo tee /sys/devices/system/cpu/smt/control"};
  }
  if (is_virtual(facts.virtualisation)) {
    return {
        "smt", Severity::note,
        fmt::format("{} CPUs shown as {} cores by a hypervisor", cpus, cores),
        "Virtual CPUs may be two threads of one real core, and may change places: see line "
        "distance.",
        "Ask the provider for whole cores (dedicated, SMT off), or pin virtual CPUs on the host."};
  }
  return {"smt",
          Severity::ok,
          control.known() ? fmt::format("no two usable CPUs share a core ({})", control.value())
                          : "no two usable CPUs share a core",
          {},
          {}};
}

Finding numa_rule(const MachineFacts& facts) {
  const std::size_t nodes = count_numa_nodes(facts.topology);
  if (nodes < 2) return {"numa", Severity::ok, "one memory node", {}, {}};
  const auto& balancing = facts.settings.numa_balancing;
  if (balancing.known() && balancing.value() != 0) {
    return {"numa", Severity::warning,
            fmt::format("{} memory nodes, pages are moved between them", nodes),
            "The kernel unmaps pages to see who uses them: page faults and moves fall into windows "
            "at random.",
            "sudo sysctl kernel.numa_balancing=0"};
  }
  return {
      "numa", Severity::note, fmt::format("{} memory nodes", nodes),
      "Where a queue's memory lies depends on who touched it first; distance shows in every "
      "contended case.",
      "--pinning compact keeps a team that fits on one node, and its memory there; the map is in "
      "each row."};
}

}  // namespace lockbench::doctor
