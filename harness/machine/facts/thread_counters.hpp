#pragma once

/// What one thread cost beside time, from the CPU's and the kernel's counters.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/file_descriptor.hpp"
#include "harness/machine/facts/measured.hpp"
#include "harness/machine/facts/perf_event.hpp"
#include "harness/machine/facts/system_files.hpp"

namespace lockbench {

/// Context switches are not here: getrusage has them everywhere.
enum class ThreadEvent : std::uint8_t {
  cycles,
  instructions,
  cache_misses,  ///< as the CPU's "cache misses": mostly of its last level
  branch_misses,
  page_faults,     ///< minor and major
  cpu_migrations,  ///< moves to another CPU
  futex_calls      ///< entries into futex(2): sleeping, waking, and what came in vain
};
inline constexpr std::size_t thread_event_count = 7;
/// As the enumerator is spelt.
[[nodiscard]] std::string_view to_string(ThreadEvent event) noexcept;

/// One value for each event.
template <typename T>
struct PerThreadEvent {
  std::array<T, thread_event_count> all{};
  [[nodiscard]] T& operator[](ThreadEvent event) noexcept {
    return all[static_cast<std::size_t>(event)];
  }
  [[nodiscard]] const T& operator[](ThreadEvent event) const noexcept {
    return all[static_cast<std::size_t>(event)];
  }
};

/// An event's raw count since the counter was opened. Both times are 0 where the kernel counts
/// always and has no need to share a counter.
struct EventReading {
  std::uint64_t count = 0;
  std::uint64_t enabled_ns = 0;  ///< in which the event should have been counted
  std::uint64_t running_ns = 0;  ///< in which it was, and not another one instead
};

/// All events at one moment; empty where an event cannot be had.
struct CounterReading {
  PerThreadEvent<std::optional<EventReading>> events;
};

/// What happened between two readings of the same counters.
struct CounterDelta {
  /// Where events shared counters: the count over the time it was taken in, times the whole time,
  /// so an estimate. Empty where the event cannot be had or was never on a counter.
  PerThreadEvent<std::optional<double>> counts;
  /// Least share of time in which an event was really counted; 1 = nothing is estimated. Empty when
  /// no event knows its share.
  std::optional<double> counted_share;
};

/// Pure, O(events).
[[nodiscard]] CounterDelta difference(const CounterReading& start,
                                      const CounterReading& stop) noexcept;

/// The count in /proc/…/sched, `se.nr_migrations : 12`: where perf has no such event, and the same
/// count.
[[nodiscard]] std::optional<std::uint64_t> parse_migrations(std::string_view sched) noexcept;

/// The counters of the thread that constructs it; they run until it is destroyed. Each event fails
/// on its own, with its reason; nothing throws but for want of memory. Construction takes about
/// 100 µs, and up to 40 ms where the CPU has fewer counters than events: before the timed part.
///
/// `read` is meant for the thread itself and may be called by others; concurrent calls are safe.
/// Its cost is that of one read(2) each for the CPU's events, the kernel's and the tracepoint: 1.6 µs
/// each on a virtual machine, and 3.4 µs more where migrations come from /proc. `probe_costs`
/// measures it.
class ThreadCounters {
public:
  explicit ThreadCounters(const SystemFiles& files = {});

  [[nodiscard]] CounterReading read() const noexcept;
  /// Where each event's count comes from ("perf, user and kernel", "perf, user only",
  /// "/proc/thread-self/sched"), or why there is none.
  [[nodiscard]] const PerThreadEvent<Measured<std::string>>& sources() const noexcept {
    return sources_;
  }
  /// The same for a thread like this one, by opening and closing all.
  [[nodiscard]] static PerThreadEvent<Measured<std::string>> availability(
      const SystemFiles& files = {});

private:
  struct Group {
    PerfGroup perf;
    std::vector<ThreadEvent> events;  ///< in the order of `perf`
  };

  /// False where the event was refused; then `sources_` has the reason.
  bool add(Group& group, ThreadEvent event, const PerfEvent& perf, const SystemFiles& files);
  void open_hardware(bool together, const SystemFiles& files);
  /// Works until every hardware event was on a counter. False when some never were, which takes
  /// 20 ms to be sure of: events that share a counter take turns of up to 4 ms.
  [[nodiscard]] bool hardware_runs() const noexcept;
  /// Those of which the counters show nothing although there was work.
  void give_up_what_counts_nothing();
  void open_software(const SystemFiles& files);
  void open_tracepoint(const SystemFiles& files);
  void open_migrations_file(const SystemFiles& files);

  std::vector<Group> hardware_;
  Group software_;
  Group tracepoint_;
  FileDescriptor migrations_;  ///< /proc/thread-self/sched, where perf has no migrations
  PerThreadEvent<Measured<std::string>> sources_;
};

}  // namespace lockbench
