#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "harness/machine/doctor/rules.hpp"

namespace lockbench::doctor {
namespace {

using enum Severity;

std::string_view likeness(LineDistance distance) {
  static constexpr std::array<std::string_view, 3> texts{"like two threads of one core",
                                                         "like two cores behind one cache",
                                                         "like two chiplets or sockets"};
  return texts[static_cast<std::size_t>(distance)];
}

std::string name_of(const LinePair& pair) {
  return fmt::format("CPUs {} and {}", pair.first_cpu, pair.second_cpu);
}

/// The pairs of CPUs whose round trip is known: at least one, or the reason why there is none.
Probed<std::vector<LinePair>> known_pairs(const MachineFacts& facts) {
  using Pairs = std::vector<LinePair>;
  return facts.probes.lines.pairs.then([](Pairs pairs) -> Probed<Pairs> {
    const Unknown reason = pairs.front().roundtrip_ns.unknown();
    std::erase_if(pairs, [](const LinePair& pair) { return !pair.roundtrip_ns.known(); });
    if (pairs.empty()) return reason;
    return pairs;
  });
}

Finding look_at_distance(const MachineFacts& facts, const std::vector<LinePair>& pairs) {
  const auto median_ns = [](const LinePair& pair) { return pair.roundtrip_ns->median; };
  const auto [nearest, furthest] = std::ranges::minmax_element(pairs, {}, median_ns);
  const double near_ns = median_ns(*nearest);
  const double far_ns = median_ns(*furthest);
  const auto near_like = line_distance(near_ns);
  const auto far_like = line_distance(far_ns);
  if (near_like != far_like) {
    return {fmt::format("from {:.0f} ns ({}, {}) to {:.0f} ns ({}, {})", near_ns, name_of(*nearest),
                        likeness(near_like), far_ns, name_of(*furthest), likeness(far_like)),
            note,
            "Which CPUs a team gets decides its contended results: compare only cases with the "
            "same --pinning.",
            "--pinning compact and --pinning scatter show both ends."};
  }
  const std::string upto = pairs.size() > 1 ? fmt::format("-{:.0f}", far_ns) : "";
  const std::string found =
      fmt::format("{:.0f}{} ns there and back, {}", near_ns, upto, likeness(near_like));
  if (near_like != LineDistance::core || has_smt(facts.topology)) return {found};
  return {found + ", though shown as two cores", note,
          "The threads of a team share one core's caches and its speed: contention looks cheaper, "
          "and parallel work slower, than on two real cores.",
          "Ask for whole cores, or read the results as those of SMT siblings."};
}

Finding look_at_steadiness(const std::vector<LinePair>& pairs) {
  const auto changing = std::ranges::count_if(pairs, changes_distance);
  if (changing == 0) return {"the distance between CPUs stayed the same"};
  const LinePair& widest = *std::ranges::max_element(pairs, {}, [](const LinePair& pair) {
    return pair.roundtrip_ns->p95 / std::max(pair.roundtrip_ns->p05, 1.0);
  });
  return {fmt::format("{} of {} pairs changed their distance within a second; {}: {:.0f}-{:.0f} ns",
                      changing, pairs.size(), name_of(widest), widest.roundtrip_ns->p05,
                      widest.roundtrip_ns->p95),
          warning};
}

Finding look_at_wake_up(const MachineFacts& facts, const Spread& other) {
  constexpr double usual_us = 10;
  const auto& same = facts.probes.wake_up.same_cpu_us;
  std::string found =
      fmt::format("{:.1f} µs to another CPU (95 % within {:.1f} µs)", other.median, other.p95);
  if (same.known()) found += fmt::format(", {:.1f} µs on the same CPU", same->median);
  if (other.median <= usual_us) return {found};
  return {found, note,
          "Waking a sleeper costs several times what it costs on bare metal (2-5 µs): strategies "
          "that park look worse here than elsewhere, and their ranking must be read beside this "
          "figure.",
          is_virtual(facts.virtualisation)
              ? "Boot the guest with idle=poll, or use its haltpoll governor, at the price of "
                "power."
              : "Keep CPUs out of deep sleep: sudo cpupower idle-set -D 10"};
}

bool forbids_counters(const std::string& reason) {
  return reason.find("perf_event_paranoid") != std::string::npos;
}

Probed<Finding> look_at_hardware_counters(const MachineFacts& facts) {
  const auto& events = facts.probes.counters.events;
  const auto& cycles = events[ThreadEvent::cycles];
  const auto& instructions = events[ThreadEvent::instructions];
  const auto& misses = events[ThreadEvent::cache_misses];
  if (!cycles.known() || !instructions.known()) {
    const std::string& reason = cycles.known() ? instructions.reason() : cycles.reason();
    return Finding{
        reason, note,
        "Why a lock is slow (misses, stalls, retries) cannot be told from counters here; "
        "times and throughput are not affected. Their columns stay empty.",
        forbids_counters(reason)
            ? "sudo sysctl kernel.perf_event_paranoid=1; in a container also --cap-add=PERFMON"
            : "Use bare metal, or a guest that is given a virtual PMU (libvirt: <pmu "
              "state='on'/>)."};
  }
  if (misses.known()) return Finding{"cycles, instructions and cache misses count"};
  return Finding{"cycles and instructions count; cache misses: " + misses.reason(), note,
                 "How many lines move between CPUs per operation stays unknown."};
}

Probed<Finding> look_at_software_counters(const MachineFacts& facts) {
  const auto& clock = facts.probes.counters.task_clock_ns;
  if (clock.known()) return Finding{"the kernel's event counters work"};
  return Finding{
      clock.reason(), note, "Context switches come from getrusage instead, which always works.",
      forbids_counters(clock.reason()) ? "sudo sysctl kernel.perf_event_paranoid=2" : ""};
}

Probed<Finding> look_at_energy(const MachineFacts& facts) {
  const auto& domains = facts.probes.energy_domains;
  if (domains.known())
    return Finding{fmt::format("readable: {}", fmt::join(domains.value(), ", "))};
  const bool denied = domains.reason().find("denied") != std::string::npos;
  return Finding{
      domains.reason(), note,
      "What spinning costs in energy compared with parking cannot be shown; nothing else is "
      "affected.",
      denied ? "sudo chmod a+r /sys/class/powercap/*/energy_uj"
             : "Use bare metal with RAPL (Intel since 2012, AMD since Zen)."};
}

Probed<Finding> look_at_memory_binding(const MachineFacts& facts) {
  if (count_distinct(facts.topology, &Cpu::numa) < 2)
    return Finding{"one memory node: nothing to bind to"};
  return facts.probes.costs.memory_policy.then([](const std::string& policy) {
    if (policy == "bind") return Finding{"bound to chosen memory nodes"};
    return Finding{fmt::format(
        "policy: {}; each process of a run binds its memory to the nodes of its CPUs", policy)};
  });
}

constexpr std::array cost_table{
    Rule{"line distance",
         [](const MachineFacts& facts) {
           return known_pairs(facts).then(
               [&](const auto& pairs) { return look_at_distance(facts, pairs); });
         },
         {"What it costs to hand a lock from CPU to CPU is not known."}},
    Rule{"line steadiness",
         [](const MachineFacts& facts) { return known_pairs(facts).then(look_at_steadiness); },
         {"Whether the distance between CPUs changes during a run is not known."},
         {"Every contended result changes with it, by 2-10 times: rows carry line_roundtrip_ns, "
          "and cases met in several regimes say so. Only comparisons within blocks hold.",
          "Use bare metal or pinned virtual CPUs; else more processes (--processes)."}},
    Rule{"wake-up",
         [](const MachineFacts& facts) {
           return facts.probes.wake_up.other_cpu_us.then(
               [&](const Spread& other) { return look_at_wake_up(facts, other); });
         },
         {"What a blocking strategy pays to wake a thread on another CPU is not known."}},
    Rule{"swap",
         [](const MachineFacts& facts) {
           return facts.settings.swap_used_bytes.then([](std::int64_t bytes) {
             if (bytes == 0) return Finding{"nothing is swapped out"};
             const double mib = static_cast<double>(bytes) / (1024 * 1024);
             return Finding{fmt::format("{:.0f} MiB are swapped out", mib), warning};
           });
         },
         {"A page brought back from disk within a window costs milliseconds."},
         {"Memory has been short: a page brought back from disk within a window costs "
          "milliseconds.",
          "sudo swapoff -a, and stop what needs the memory"}},
    Rule{"memory limit",
         [](const MachineFacts& facts) {
           return facts.settings.memory_limit_bytes.then([](double bytes) {
             constexpr double gib = 0x1p30;
             if (std::isinf(bytes)) return Finding{"none"};
             return Finding{
                 fmt::format("the control group may use {:.0f} MiB", bytes / (1024 * 1024)),
                 bytes < gib ? warning : ok};
           });
         },
         {"Whether memory is limited for this process cannot be told."},
         {"Near the limit the kernel takes pages back within windows, and beyond it kills a "
          "measuring process: large queues (--prefill, --capacity, --payload) may not fit.",
          "Raise the limit: docker run --memory, or MemoryMax= of the service."}},
    Rule{"transparent hugepages",
         [](const MachineFacts& facts) {
           return facts.settings.transparent_hugepages.then([](const std::string& mode) {
             return Finding{mode, mode == "always" ? note : ok};
           });
         },
         {"Whether large queues are helped by huge pages cannot be told."},
         {"The kernel may merge pages of a queue at any time: large prefills differ between "
          "processes for no reason of the lock's.",
          "echo madvise | sudo tee /sys/kernel/mm/transparent_hugepage/enabled"}},
    Rule{"address layout",
         [](const MachineFacts& facts) {
           return facts.settings.aslr.then([](std::int64_t mode) {
             if (mode == 0) return Finding{"the same in every process", note};
             return Finding{"random: its effect is averaged out over the processes of a run"};
           });
         },
         {"Whether processes differ in their memory layout cannot be told."},
         {"A layout that favours one strategy by chance does so in every process, and the "
          "interval over processes does not show it.",
          "sudo sysctl kernel.randomize_va_space=2"}},
    Rule{"hardware counters", look_at_hardware_counters},
    Rule{"software counters", look_at_software_counters},
    Rule{"energy", look_at_energy},
    Rule{"migrations",
         [](const MachineFacts& facts) {
           const auto& counters = facts.probes.counters;
           return counters.events[ThreadEvent::cpu_migrations].then([&](double) {
             const auto& source = counters.sources[ThreadEvent::cpu_migrations];
             return Finding{"counted: " + source.value_or("perf")};
           });
         },
         {"Whether a thread was moved to another CPU within a window, with cold caches there, "
          "stays unseen where threads are not pinned.",
          "Pin the team (--pinning compact), or: sudo sysctl kernel.perf_event_paranoid=1"}},
    Rule{"futex calls",
         [](const MachineFacts& facts) {
           return facts.probes.counters.events[ThreadEvent::futex_calls].then(
               [](double) { return Finding{"counted by a tracepoint"}; });
         },
         {"How often a lock asks the kernel to put a thread to sleep or wake one cannot be told "
          "from how often it really slept. The column stays empty.",
          "sudo mount -t tracefs -o mode=750,gid=$(id -g) nodev /sys/kernel/tracing, on a kernel "
          "with CONFIG_FTRACE_SYSCALLS"}},
    Rule{"run queue wait",
         [](const MachineFacts& facts) {
           return facts.probes.costs.run_queue_wait_read_ns.then([](double cost_ns) {
             return Finding{
                 fmt::format("known for each thread; a reading costs {:.1f} µs", cost_ns / 1000)};
           });
         },
         {"A thread that was ready and had no CPU cannot be told from one that waited for its "
          "lock: windows that others disturbed are not flagged.",
          "sudo sysctl kernel.task_delayacct=1, or a kernel with CONFIG_SCHEDSTATS"}},
    Rule{"peak memory",
         [](const MachineFacts& facts) {
           return facts.probes.costs.peak_memory_bytes.then(
               [](std::int64_t) { return Finding{"can be reset before each case"}; });
         },
         {"The peak is that of the whole process so far: what one strategy kept in memory shows "
          "only where it kept more than all before it.",
          "Use a kernel with CONFIG_PROC_PAGE_MONITOR, and a container in which a process may "
          "write to /proc/self."}},
    Rule{"memory binding",
         look_at_memory_binding,
         {"On which memory node a queue lies can be neither read nor chosen here.",
          "In a container: docker run --cap-add=SYS_NICE"}},
};

}  // namespace

std::span<const Rule> cost_rules() {
  return cost_table;
}

}  // namespace lockbench::doctor
