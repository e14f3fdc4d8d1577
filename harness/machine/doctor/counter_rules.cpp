#include <fmt/format.h>

#include "harness/machine/doctor/rules.hpp"

namespace lockbench::doctor {
namespace {

bool forbidden(const std::string& reason) {
  return reason.find("perf_event_paranoid") != std::string::npos;
}

}  // namespace

Finding hardware_counters_rule(const MachineFacts& facts) {
  const CounterProbe& counters = facts.probes.counters;
  const bool all = counters.cycles.known() && counters.instructions.known();
  if (all && counters.cache_misses.known()) {
    return {
        "hardware counters", Severity::ok, "cycles, instructions and cache misses count", {}, {}};
  }
  if (all) {
    return {"hardware counters",
            Severity::note,
            "cycles and instructions count; cache misses: " + counters.cache_misses.reason(),
            "How many lines move between CPUs per operation stays unknown.",
            {}};
  }
  const std::string& reason =
      counters.cycles.known() ? counters.instructions.reason() : counters.cycles.reason();
  return {
      "hardware counters", Severity::note, reason,
      "Why a lock is slow (misses, stalls, retries) cannot be told from counters here; times "
      "and throughput are not affected. Their columns stay empty.",
      forbidden(reason)
          ? "sudo sysctl kernel.perf_event_paranoid=1; in a container also --cap-add=PERFMON"
          : "Use bare metal, or a guest that is given a virtual PMU (libvirt: <pmu state='on'/>)."};
}

Finding software_counters_rule(const MachineFacts& facts) {
  const auto& clock = facts.probes.counters.task_clock_ns;
  if (clock.known()) {
    return {"software counters", Severity::ok, "the kernel's event counters work", {}, {}};
  }
  return {"software counters", Severity::note, clock.reason(),
          "Context switches come from getrusage instead, which always works.",
          forbidden(clock.reason()) ? "sudo sysctl kernel.perf_event_paranoid=2" : ""};
}

Finding energy_rule(const MachineFacts& facts) {
  const auto& domains = facts.probes.energy_domains;
  if (domains.known()) {
    return {"energy",
            Severity::ok,
            fmt::format("readable: {}", fmt::join(domains.value(), ", ")),
            {},
            {}};
  }
  return {"energy", Severity::note, domains.reason(),
          "What spinning costs in energy compared with parking cannot be shown; nothing else is "
          "affected.",
          domains.reason().find("denied") != std::string::npos
              ? "sudo chmod a+r /sys/class/powercap/*/energy_uj"
              : "Use bare metal with RAPL (Intel since 2012, AMD since Zen)."};
}

}  // namespace lockbench::doctor
