#pragma once

/// What one thread cost beside time, as the counters of the CPU and the kernel tell it: plain values.
/// machine/facts/thread_counters.hpp opens and reads the counters.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "harness/base/enum_names.hpp"

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
/// As the enumerators are spelt; in the order of their values.
constexpr auto enum_names(ThreadEvent) {
  using enum ThreadEvent;
  return std::to_array<EnumName<ThreadEvent>>({{cycles, "cycles"},
                                               {instructions, "instructions"},
                                               {cache_misses, "cache_misses"},
                                               {branch_misses, "branch_misses"},
                                               {page_faults, "page_faults"},
                                               {cpu_migrations, "cpu_migrations"},
                                               {futex_calls, "futex_calls"}});
}
inline constexpr std::size_t thread_event_count = all_values<ThreadEvent>.size();

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

}  // namespace lockbench
