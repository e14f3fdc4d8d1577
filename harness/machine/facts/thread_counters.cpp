#include "harness/machine/facts/thread_counters.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/perf_event.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

#include "harness/machine/probes/timing.hpp"

namespace lockbench {
namespace {

constexpr std::array<std::pair<ThreadEvent, PerfEvent>, 4> hardware_events{{
    {ThreadEvent::cycles, {PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES}},
    {ThreadEvent::instructions, {PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS}},
    {ThreadEvent::cache_misses, {PERF_TYPE_HARDWARE, PERF_COUNT_HW_CACHE_MISSES}},
    {ThreadEvent::branch_misses, {PERF_TYPE_HARDWARE, PERF_COUNT_HW_BRANCH_MISSES}},
}};

/// The number under which perf knows the entry into futex(2).
Probed<std::int64_t> futex_tracepoint(const SystemFiles& files) {
  constexpr std::string_view id = "events/syscalls/sys_enter_futex/id";
  auto found = files.read_whole(fmt::format("/sys/kernel/tracing/{}", id));
  if (found.known()) return found;
  auto older = files.read_whole(fmt::format("/sys/kernel/debug/tracing/{}", id));
  return older.known() ? older : found;
}

}  // namespace

std::optional<std::uint64_t> parse_migrations(std::string_view sched) noexcept {
  const auto name = sched.find("se.nr_migrations");
  if (name == std::string_view::npos) return std::nullopt;
  const auto colon = sched.find(':', name);
  const auto digit = sched.find_first_of("0123456789", colon);
  if (colon == std::string_view::npos || digit == std::string_view::npos) return std::nullopt;
  std::uint64_t count = 0;
  const auto parsed = std::from_chars(&sched[digit], sched.data() + sched.size(), count);
  return parsed.ec == std::errc{} ? std::optional(count) : std::nullopt;
}

ThreadCounters::ThreadCounters(const SystemFiles& files) {
  open_hardware(true, files);
  // A group may fit the counters on paper and still never find them free together, for instance
  // where the kernel's watchdog keeps one for itself.
  if (!hardware_runs()) {
    open_hardware(false, files);
    (void)hardware_runs();  // what still does not is given up
  }
  give_up_what_counts_nothing();
  open_software(files);
  open_tracepoint(files);
}

bool ThreadCounters::add(Group& group, ThreadEvent event, const PerfEvent& perf,
                         const SystemFiles& files) {
  sources_[event] =
      group.perf.add(perf, files).then([](const std::string& counts) { return "perf, " + counts; });
  if (!sources_[event].known()) return false;
  group.events.push_back(event);
  return true;
}

void ThreadCounters::open_hardware(bool together, const SystemFiles& files) {
  groups_.clear();
  for (const auto& [event, perf] : hardware_events) {
    if (together && !groups_.empty() && add(groups_.front(), event, perf, files)) continue;
    Group alone;
    if (add(alone, event, perf, files)) groups_.push_back(std::move(alone));
  }
}

bool ThreadCounters::hardware_runs() const noexcept {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + std::chrono::milliseconds(20);
  const auto runs = [](const Group& group) {
    const auto reading = group.perf.read();
    return reading && reading->running_ns > 0;
  };
  do {
    burn_spin_loops(20);
    if (std::ranges::all_of(groups_, runs)) return true;
  } while (Clock::now() < deadline);
  return false;
}

void ThreadCounters::give_up_what_counts_nothing() {
  for (const Group& group : groups_) {
    const auto reading = group.perf.read();
    for (std::size_t i = 0; i < group.events.size(); ++i) {
      const ThreadEvent event = group.events[i];
      // Work takes cycles and instructions for certain; misses may really be none.
      const bool certain = event == ThreadEvent::cycles || event == ThreadEvent::instructions;
      if (!reading || reading->running_ns == 0) {
        sources_[event] = Unknown{"the counter opens but never runs"};
      } else if (certain && reading->counts[i] == 0) {
        sources_[event] =
            Unknown{"the counter runs but counts nothing, as some hypervisors have it"};
      }
    }
  }
}

void ThreadCounters::open_software(const SystemFiles& files) {
  Group& software = groups_.emplace_back();
  add(software, ThreadEvent::page_faults, {PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS}, files);
  const PerfEvent migrations{PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_MIGRATIONS, true};
  if (!add(software, ThreadEvent::cpu_migrations, migrations, files)) open_migrations_file(files);
}

void ThreadCounters::open_tracepoint(const SystemFiles& files) {
  const auto number = futex_tracepoint(files);
  if (!number.known()) {
    sources_[ThreadEvent::futex_calls] = number.unknown();
    return;
  }
  // Entered with the registers of user space: counts without the right to watch the kernel, too.
  // In a group led by the kernel's other events it would not count before the thread has been off
  // its CPU once (seen on Linux 6.18), so it has a group of its own.
  const auto id = static_cast<std::uint64_t>(number.value());
  add(groups_.emplace_back(), ThreadEvent::futex_calls, {PERF_TYPE_TRACEPOINT, id}, files);
}

void ThreadCounters::open_migrations_file(const SystemFiles& files) {
  constexpr std::string_view path = "/proc/thread-self/sched";
  auto& source = sources_[ThreadEvent::cpu_migrations];
  migrations_ = files.open(path, O_RDONLY);
  if (!migrations_.is_open()) {
    source = Unknown{fmt::format("{}; {}", source.reason(), system_error_at(path).reason)};
    return;
  }
  source = std::string(path);
  if (read().events[ThreadEvent::cpu_migrations]) return;
  source = Unknown{fmt::format("{} has no se.nr_migrations", path)};
}

CounterReading ThreadCounters::read() const noexcept {
  CounterReading now;
  for (const Group& group : groups_) {
    const auto reading = group.perf.read();
    if (!reading) continue;
    for (std::size_t i = 0; i < group.events.size(); ++i) {
      const ThreadEvent event = group.events[i];
      if (!sources_[event].known()) continue;
      now.events[event] = {reading->counts[i], reading->enabled_ns, reading->running_ns};
    }
  }
  if (migrations_.is_open()) {
    std::array<char, 4096> text;  // filled by pread
    const ssize_t got = pread(migrations_.get(), text.data(), text.size(), 0);
    const auto length = static_cast<std::size_t>(std::max<ssize_t>(got, 0));
    if (const auto count = parse_migrations({text.data(), length})) {
      now.events[ThreadEvent::cpu_migrations] = EventReading{*count, 0, 0};
    }
  }
  return now;
}

}  // namespace lockbench
