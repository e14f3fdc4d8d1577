#include <fmt/format.h>

#include "harness/machine/doctor/rules.hpp"

namespace lockbench::doctor {

Finding migrations_rule(const MachineFacts& facts) {
  const auto& migrations = facts.probes.counters.cpu_migrations;
  const auto& source = facts.probes.counters.sources[ThreadEvent::cpu_migrations];
  if (migrations.known()) {
    return {"migrations",
            Severity::ok,
            fmt::format("counted: {}", source.known() ? source.value() : "perf"),
            {},
            {}};
  }
  return {"migrations", Severity::note, migrations.reason(),
          "Whether a thread was moved to another CPU within a window, with cold caches there, "
          "stays unseen where threads are not pinned.",
          "Pin the team (--pinning compact), or: sudo sysctl kernel.perf_event_paranoid=1"};
}

Finding futex_calls_rule(const MachineFacts& facts) {
  const auto& calls = facts.probes.counters.futex_calls;
  if (calls.known()) return {"futex calls", Severity::ok, "counted by a tracepoint", {}, {}};
  return {"futex calls", Severity::note, calls.reason(),
          "How often a lock asks the kernel to put a thread to sleep or wake one cannot be told "
          "from how often it really slept. The column stays empty.",
          "sudo mount -t tracefs -o mode=750,gid=$(id -g) nodev /sys/kernel/tracing, on a kernel "
          "with CONFIG_FTRACE_SYSCALLS"};
}

Finding peak_memory_rule(const MachineFacts& facts) {
  const auto& peak = facts.probes.costs.peak_memory_bytes;
  if (peak.known()) return {"peak memory", Severity::ok, "can be reset before each case", {}, {}};
  return {
      "peak memory", Severity::note, peak.reason(),
      "The peak is that of the whole process so far: what one strategy kept in memory shows "
      "only where it kept more than all before it.",
      "Use a kernel with CONFIG_PROC_PAGE_MONITOR, and a container in which a process may write "
      "to /proc/self."};
}

Finding run_queue_wait_rule(const MachineFacts& facts) {
  const auto& cost = facts.probes.costs.run_queue_wait_read_ns;
  if (cost.known()) {
    return {"run queue wait",
            Severity::ok,
            fmt::format("known for each thread; a reading costs {:.1f} µs", cost.value() / 1000),
            {},
            {}};
  }
  return {"run queue wait", Severity::note, cost.reason(),
          "A thread that was ready and had no CPU cannot be told from one that waited for its "
          "lock: windows that others disturbed are not flagged.",
          "sudo sysctl kernel.task_delayacct=1, or a kernel with CONFIG_SCHEDSTATS"};
}

Finding memory_binding_rule(const MachineFacts& facts) {
  if (count_numa_nodes(facts.topology) < 2) {
    return {"memory binding", Severity::ok, "one memory node: nothing to bind to", {}, {}};
  }
  const auto& policy = facts.probes.costs.memory_policy;
  if (!policy.known()) {
    return {"memory binding", Severity::note, policy.reason(),
            "On which memory node a queue lies can be neither read nor chosen here.",
            "In a container: docker run --cap-add=SYS_NICE"};
  }
  if (policy.value() == "bind") {
    return {"memory binding", Severity::ok, "bound to chosen memory nodes", {}, {}};
  }
  return {"memory binding",
          Severity::ok,
          fmt::format("policy: {}; each process of a run binds its memory to the nodes of its CPUs",
                      policy.value()),
          {},
          {}};
}

}  // namespace lockbench::doctor
