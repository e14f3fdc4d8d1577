#include <fmt/format.h>
#include <linux/perf_event.h>

#include "harness/machine/facts/perf_event.hpp"
#include "harness/machine/facts/thread_counters.hpp"
#include "harness/machine/probes/probes.hpp"
#include "harness/machine/probes/timing.hpp"

namespace lockbench {
namespace {

constexpr int counted_loops = 100;

/// The count of one of the kernel's own events over some work.
Probed<double> count_software(const PerfEvent& event, const SystemFiles& files) {
  PerfGroup group;
  const auto opened = group.add(event, files);
  if (!opened.known()) return opened.unknown();
  burn_spin_loops(counted_loops);
  const auto reading = group.read();
  if (!reading) return system_error_at("reading the counter");
  return static_cast<double>(reading->counts[0]);
}

}  // namespace

CounterProbe probe_counters(const SystemFiles& files) {
  CounterProbe probe;
  const ThreadCounters counters(files);
  const CounterReading start = counters.read();
  burn_spin_loops(counted_loops);
  const CounterDelta delta = difference(start, counters.read());
  probe.sources = counters.sources();
  for (const ThreadEvent event : all_values<ThreadEvent>) {
    probe.events[event] = probe.sources[event].then([&](const auto&) -> Probed<double> {
      if (!delta.counts[event]) return Unknown{"the counter was busy with other events"};
      return *delta.counts[event];
    });
  }
  probe.task_clock_ns = count_software({PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK}, files);
  if (probe.task_clock_ns.value_or(1) == 0) {  // although the loop took its time
    probe.task_clock_ns =
        Unknown{"the counter runs but counts nothing, as some hypervisors have it"};
  }
  probe.context_switches =
      count_software({PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CONTEXT_SWITCHES, true}, files);
  return probe;
}

Probed<std::vector<std::string>> probe_energy(const SystemFiles& files) {
  constexpr std::string_view directory = "/sys/class/powercap";
  std::vector<std::string> readable;
  std::string reason = fmt::format("no energy counters under {}", directory);
  for (const std::string& domain : files.list(directory)) {
    const auto energy = files.read(fmt::format("{}/{}/energy_uj", directory, domain));
    const auto name = files.read(fmt::format("{}/{}/name", directory, domain));
    if (energy.known()) {
      readable.push_back(name.value_or(domain));
    } else if (name.known()) {
      reason = energy.reason();
    }
  }
  if (readable.empty()) return Unknown{reason};
  return readable;
}

}  // namespace lockbench
