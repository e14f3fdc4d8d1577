#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "harness/machine/doctor/rules.hpp"

namespace lockbench::doctor {
namespace {

using enum Severity;

constexpr double never = std::numeric_limits<double>::infinity();

Probed<Finding> look_at_cpus(const MachineFacts& facts) {
  constexpr std::size_t enough = 4;
  const std::size_t cpus = facts.topology.cpus.size();
  const std::string found = fmt::format("{} usable CPU{} ({})", cpus, cpus == 1 ? "" : "s",
                                        usable_cpu_list(facts.topology));
  if (cpus < 2) {
    return Finding{
        found, unfit,
        "Threads only take turns: two never meet at a lock, so all that is measured is "
        "scheduling.",
        "Give the process at least two CPUs: taskset, docker --cpuset-cpus, or more virtual "
        "CPUs."};
  }
  if (cpus >= enough) return Finding{found};
  return Finding{
      found, note,
      fmt::format("Contention among more than {0} running threads cannot be shown here; every "
                  "case above {0} threads is oversubscribed.",
                  cpus),
      "Use a machine with more CPUs for conclusions about scaling."};
}

Probed<Finding> look_at_smt(const MachineFacts& facts) {
  const std::size_t cpus = facts.topology.cpus.size();
  const std::size_t cores = count_distinct(facts.topology, &Cpu::core);
  if (has_smt(facts.topology)) {
    return Finding{fmt::format("on: {} hardware threads on {} cores", cpus, cores), note,
                   fmt::format("Teams of more than {} threads put two on one core: these share its "
                               "caches and halve its speed, and scaling bends there.",
                               cores),
                   "echo off | sudo tee /sys/devices/system/cpu/smt/control"};
  }
  if (is_virtual(facts.virtualisation)) {
    return Finding{
        fmt::format("{} CPUs shown as {} cores by a hypervisor", cpus, cores), note,
        "Virtual CPUs may be two threads of one real core, and may change places: see line "
        "distance.",
        "Ask the provider for whole cores (dedicated, SMT off), or pin virtual CPUs on the "
        "host."};
  }
  const auto& control = facts.settings.smt_control;
  const std::string setting = control.known() ? fmt::format(" ({})", control.value()) : "";
  return Finding{"no two usable CPUs share a core" + setting};
}

Probed<Finding> look_at_numa(const MachineFacts& facts) {
  const std::size_t nodes = count_distinct(facts.topology, &Cpu::numa);
  if (nodes < 2) return Finding{"one memory node"};
  if (facts.settings.numa_balancing.value_or(0) != 0) {
    return Finding{fmt::format("{} memory nodes, pages are moved between them", nodes), warning,
                   "The kernel unmaps pages to see who uses them: page faults and moves fall into "
                   "windows at random.",
                   "sudo sysctl kernel.numa_balancing=0"};
  }
  return Finding{
      fmt::format("{} memory nodes", nodes), note,
      "Where a queue's memory lies depends on who touched it first; distance shows in every "
      "contended case.",
      "--pinning compact keeps a team that fits on one node, and its memory there; the map is "
      "in each row."};
}

Probed<Finding> look_at_cpu_kinds(const MachineFacts& facts) {
  return facts.topology.kinds.then([](const std::vector<CpuKind>& kinds) {
    if (kinds.size() == 1) return Finding{"all usable CPUs are of one kind"};
    std::vector<std::string> named;
    for (const CpuKind& kind : kinds) {
      const auto type = kind.traits.find("CoreType");
      named.push_back(fmt::format("{}{}{}", format_cpu_list(kind.cpus),
                                  type == kind.traits.end() ? "" : " ",
                                  type == kind.traits.end() ? "" : type->second));
    }
    // hwloc ranks kinds by their performance, where it can: the last is the strongest.
    return Finding{fmt::format("{} kinds: {}", kinds.size(), fmt::join(named, "; ")), warning,
                   "A team on several kinds has fast and slow threads: curves over threads bend, "
                   "and fairness falls, for a reason that is not the lock. Its windows are flagged "
                   "mixed_cpu_kinds.",
                   fmt::format("Keep to one kind: taskset -c {} before the command",
                               format_cpu_list(kinds.back().cpus))};
  });
}

Probed<Finding> look_at_scheduling(const MachineFacts& facts) {
  return facts.scheduling.niceness.then([&](std::int64_t niceness) {
    const std::string& policy = facts.scheduling.policy.now;
    const std::string found =
        niceness == 0 ? policy : fmt::format("{}, niceness {}", policy, niceness);
    if (policy != "SCHED_OTHER" || niceness != 0) return Finding{found, warning};
    if (facts.scheduling.policy.name == policy) return Finding{found};
    return Finding{
        fmt::format("{}, for which {} is given up", found, facts.scheduling.policy.name)};
  });
}

Probed<Finding> look_at_virtualisation(const MachineFacts& facts) {
  const Virtualisation& guest = facts.virtualisation;
  const bool contained = guest.container != "none detected" && !guest.container.empty();
  const std::string container = contained ? fmt::format(", container: {}", guest.container) : "";
  if (!guest.hypervisor.known()) {
    return Finding{guest.hypervisor.reason() + container, note,
                   "If there is a hypervisor, it moves CPUs about and hides the hardware."};
  }
  if (!is_virtual(guest)) return Finding{"no hypervisor" + container};
  return Finding{fmt::format("guest of {}{}", guest.hypervisor.value(), container), note};
}

Probed<Finding> look_at_others(const MachineFacts& facts) {
  const auto& load = facts.load.load_1min;
  const std::string average =
      "load average " + (load.known() ? fmt::format("{:.2f}", load.value()) : "unknown");
  const auto& busy = facts.probes.others_busy;
  if (!busy.known()) return Unknown{fmt::format("{}; {}", average, busy.reason())};
  return Finding{fmt::format("others kept the CPUs {:.0f} % busy while nothing was measured; {}",
                             100 * busy.value(), average),
                 graded(busy.value(), 0.05, 0.5)};
}

Probed<Finding> look_at_turbo(const MachineFacts& facts) {
  return facts.settings.turbo.then([&](bool on) {
    if (!on) return Finding{"off"};
    const bool intel = facts.settings.frequency_driver.value_or("").starts_with("intel");
    return Finding{"on", warning,
                   "The clock rate depends on how many cores are busy and on heat: curves over "
                   "threads bend for a reason that is not the lock.",
                   intel ? "echo 1 | sudo tee /sys/devices/system/cpu/intel_pstate/no_turbo"
                         : "echo 0 | sudo tee /sys/devices/system/cpu/cpufreq/boost"};
  });
}

Probed<Finding> look_at_drift(const MachineFacts& facts) {
  const auto& drift = facts.probes.drift;
  return drift.variation.then([&](double variation) {
    return drift.spin_loop_ns.then([&](const Spread& loop) {
      return Finding{
          fmt::format("a fixed loop takes {:.0f} ns ({:.0f}-{:.0f} ns), variation {:.1f} %",
                      loop.median, loop.p05, loop.p95, 100 * variation),
          graded(variation, 0.03, never)};
    });
  });
}

Probed<Finding> look_at_clock(const MachineFacts& facts) {
  constexpr double dear_ns = 100;
  constexpr std::array<std::string_view, 5> fast{"tsc", "arch_sys_counter", "kvm-clock",
                                                 "hyperv_clocksource_tsc_page", "timebase"};
  const auto& source = facts.settings.clocksource;
  const auto& cost = facts.probes.clocks.steady_now_ns;
  const std::string name = source.value_or("unknown clock source");
  if (!cost.known()) return Finding{name, note, "What a time stamp costs is not known."};
  const bool slow = source.known() && std::ranges::find(fast, name) == fast.end();
  return Finding{fmt::format("{}; a time stamp costs {:.0f} ns", name, cost.value()),
                 slow ? warning : graded(cost.value(), dear_ns, never)};
}

constexpr std::array place_table{
    Rule{"build",
         [](const MachineFacts& facts) -> Probed<Finding> {
           const std::string why_not = why_not_recordable(facts.build);
           if (why_not.empty()) return Finding{"optimised release, no sanitizers"};
           return Finding{why_not, unfit};
         },
         {},
         {"Locks cost a few nanoseconds, and so does what such a build adds around them. Every "
          "row is marked invalid.",
          "cmake --preset release && cmake --build --preset release"}},
    Rule{"cpus", look_at_cpus},
    Rule{"cpu quota",
         [](const MachineFacts& facts) {
           return facts.topology.quota_cpus.then([&](double quota) {
             const auto cpus = static_cast<double>(facts.topology.cpus.size());
             if (std::isinf(quota)) return Finding{"none"};
             return Finding{fmt::format("the control group grants {:.3g} of {} CPUs", quota, cpus),
                            quota < cpus ? unfit : ok};
           });
         },
         {"A quota would stop all threads for part of every period, unseen."},
         {"Once the quota of a period (mostly 100 ms) is used up, every thread stands still "
          "until the next: windows of 10-20 ms measure either full speed or none.",
          "Limit CPUs by number instead of by time: docker --cpuset-cpus instead of --cpus; for "
          "services, AllowedCPUs= instead of CPUQuota=."}},
    Rule{"affinity",
         [](const MachineFacts& facts) {
           return facts.online_cpus.then([&](std::int64_t online) {
             const auto usable = static_cast<std::int64_t>(facts.topology.cpus.size());
             if (usable >= online) return Finding{"all online CPUs are usable"};
             return Finding{fmt::format("{} of {} online CPUs are usable ({})", usable, online,
                                        usable_cpu_list(facts.topology)),
                            note};
           });
         },
         {"Whether CPUs are withheld from this process cannot be told."},
         {"Results hold for this part of the machine. Others may run on the rest and share its "
          "caches and its power.",
          "If this is not meant: start without taskset, or widen the cpuset."}},
    Rule{"smt", look_at_smt},
    Rule{"numa", look_at_numa},
    Rule{"cpu kinds",
         look_at_cpu_kinds,
         {"Whether CPUs differ in what they can do cannot be told."}},
    Rule{"scheduling",
         look_at_scheduling,
         {"Whether threads of this process come before or after others cannot be told."},
         {"Threads are not scheduled as those of a usual program: they get their CPU earlier or "
          "later than others, and waking one costs another time.",
          "Start without nice and chrt, or: chrt --other 0 before the command"}},
    Rule{"virtualisation",
         look_at_virtualisation,
         {},
         {"Virtual CPUs are threads of a host that moves and interrupts them; waking one may "
          "mean waking the host's CPU. Results hold for such guests, not for the hardware below.",
          "Use bare metal, or a dedicated guest whose virtual CPUs are pinned."}},
    Rule{"other work",
         look_at_others,
         {"Others' work takes CPUs from the team during windows, unseen."},
         {"Teams that need every CPU lose theirs in the midst of critical sections: spinning and "
          "fair locks suffer most, and the rankings shift towards locks that park.",
          "Stop what else is running (top -o %CPU shows it), or keep CPUs free of it: isolcpus= "
          "on the kernel's command line, or a cpuset."}},
    Rule{"stolen time",
         [](const MachineFacts& facts) {
           return facts.probes.steal.then([](double share) {
             return Finding{fmt::format("{:.1f} % of CPU time", 100 * share),
                            graded(share, 0.005, 0.05)};
           });
         },
         {"Time that a hypervisor gives to other guests cannot be told from slow locks."},
         {"The host stops virtual CPUs for milliseconds; one that holds a lock stops the whole "
          "team.",
          "Use a dedicated guest, or repeat when the host is quiet."}},
    Rule{"governor",
         [](const MachineFacts& facts) {
           return facts.settings.governor.then([](const std::string& name) {
             return Finding{name, name == "performance" ? ok : warning};
           });
         },
         {"The clock rate may change during a run without a trace; the spin loop beside every "
          "window is the only witness.",
          "On a virtual machine, set the governor on its host."},
         {"The clock rate follows the load: short windows and blocking strategies, which leave "
          "CPUs idle, are measured at lower rates than spinning ones.",
          "sudo cpupower frequency-set -g performance"}},
    Rule{"turbo",
         look_at_turbo,
         {"One thread may run faster than many because fewer cores are busy, which looks like "
          "lost scaling.",
          "On a virtual machine, only the host can tell or change it."}},
    Rule{"speed drift",
         look_at_drift,
         {"How steady single-threaded work runs here is not known."},
         {"Even work that shares nothing changes its speed meanwhile; differences of this size "
          "between strategies mean nothing unless they are paired within blocks.",
          "Fix the clock rate, stop other work, and use more processes (--processes)."}},
    Rule{"clock",
         look_at_clock,
         {},
         {"A time stamp costs more than an operation on a queue, and may enter the kernel: "
          "sampled latencies carry that cost.",
          "echo tsc | sudo tee /sys/devices/system/clocksource/clocksource0/current_clocksource, "
          "or boot with clocksource=tsc tsc=reliable"}},
};

}  // namespace

std::span<const Rule> place_rules() {
  return place_table;
}

}  // namespace lockbench::doctor
