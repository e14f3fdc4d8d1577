#pragma once

/// Opens and reads the counters of the CPU and the kernel for one thread.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/file_descriptor.hpp"
#include "harness/base/thread_events.hpp"
#include "harness/machine/facts/perf_event.hpp"
#include "harness/machine/facts/probed.hpp"
#include "harness/machine/facts/system_files.hpp"

namespace lockbench {

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
  [[nodiscard]] const PerThreadEvent<Probed<std::string>>& sources() const noexcept {
    return sources_;
  }

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
  /// Drops the counters that stayed at zero although the thread worked.
  void give_up_what_counts_nothing();
  void open_software(const SystemFiles& files);
  void open_tracepoint(const SystemFiles& files);
  void open_migrations_file(const SystemFiles& files);

  std::vector<Group> groups_;  ///< those of the hardware come first
  FileDescriptor migrations_;  ///< /proc/thread-self/sched, where perf has no migrations
  PerThreadEvent<Probed<std::string>> sources_;
};

}  // namespace lockbench
