#include <fmt/format.h>
#include <linux/perf_event.h>

#include <cerrno>
#include <cstring>

#include "harness/machine/facts/perf_event.hpp"
#include "harness/machine/facts/thread_counters.hpp"
#include "harness/machine/probes/probes.hpp"
#include "harness/machine/probes/spin_loop.hpp"

namespace lockbench {
namespace {

void do_some_work() {
  std::uint64_t work = 1;
  for (int repeat = 0; repeat < 100; ++repeat) work = run_spin_loop(work);
  asm volatile("" : "+r"(work) : : "memory");
}

/// The count of one of the kernel's own events over some work.
Measured<double> count_software(const PerfEvent& event, const SystemFiles& files) {
  PerfGroup group;
  const auto opened = group.add(event, files);
  if (!opened.known()) return Unknown{opened.reason()};
  do_some_work();
  PerfGroup::Reading reading;
  if (!group.read(reading)) {
    return Unknown{fmt::format("reading the counter: {}", std::strerror(errno))};
  }
  return static_cast<double>(reading.counts[0]);
}

/// What a thread's counters show over some work: a value says that they count.
void count_thread_events(CounterProbe& probe, const SystemFiles& files) {
  const ThreadCounters counters(files);
  const CounterReading start = counters.read();
  do_some_work();
  const CounterDelta delta = difference(start, counters.read());
  const auto result = [&](ThreadEvent event) -> Measured<double> {
    const auto& source = counters.sources()[event];
    if (!source.known()) return Unknown{source.reason()};
    if (!delta.counts[event]) return Unknown{"the counter was busy with other events"};
    return *delta.counts[event];
  };
  probe.cycles = result(ThreadEvent::cycles);
  probe.instructions = result(ThreadEvent::instructions);
  probe.cache_misses = result(ThreadEvent::cache_misses);
  probe.branch_misses = result(ThreadEvent::branch_misses);
  probe.page_faults = result(ThreadEvent::page_faults);
  probe.cpu_migrations = result(ThreadEvent::cpu_migrations);
  probe.futex_calls = result(ThreadEvent::futex_calls);
  probe.sources = counters.sources();
}

/// For events that certainly happened during the loop.
Measured<double> nonzero(Measured<double> counted) {
  if (counted.known() && counted.value() == 0) {
    return Unknown{"the counter runs but counts nothing, as some hypervisors have it"};
  }
  return counted;
}

}  // namespace

CounterProbe probe_counters(const SystemFiles& files) {
  CounterProbe probe;
  count_thread_events(probe, files);
  probe.task_clock_ns =
      nonzero(count_software({PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK}, files));
  probe.context_switches =
      count_software({PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CONTEXT_SWITCHES, true}, files);
  return probe;
}

Measured<std::vector<std::string>> probe_energy(const SystemFiles& files) {
  constexpr std::string_view directory = "/sys/class/powercap";
  std::vector<std::string> readable;
  std::string reason = fmt::format("no energy counters under {}", directory);
  for (const std::string& domain : files.list(directory)) {
    const auto energy = files.read(fmt::format("{}/{}/energy_uj", directory, domain));
    const auto name = files.read(fmt::format("{}/{}/name", directory, domain));
    if (energy.known()) {
      readable.push_back(name.known() ? name.value() : domain);
    } else if (name.known()) {
      reason = energy.reason();
    }
  }
  if (readable.empty()) return Unknown{reason};
  return readable;
}

}  // namespace lockbench
