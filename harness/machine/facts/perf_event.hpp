#pragma once

/// Opens events of the calling thread by perf_event_open(2), or tells why it cannot.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/file_descriptor.hpp"
#include "harness/machine/facts/probed.hpp"
#include "harness/machine/facts/system_files.hpp"

namespace lockbench {

struct PerfEvent {
  std::uint32_t type = 0;    ///< PERF_TYPE_…
  std::uint64_t config = 0;  ///< PERF_COUNT_…, or the number of a tracepoint
  /// Happens only within the kernel. Without the right to watch the kernel such an event opens all
  /// the same and reads 0 for ever, so it is then taken for refused.
  bool kernel_side = false;
};

/// Explains why perf_event_open failed with `error`, and names the setting or the part of the
/// machine that it depends on.
[[nodiscard]] std::string explain_perf_error(int error, const SystemFiles& files = {});

/// Events that are on the CPU's counters together or not at all, so that their counts are of the
/// same stretches of time and one system call reads them all. Each counts the thread that added it,
/// from then on, on whatever CPU it runs. Not for concurrent `add`; `read` may be called by any
/// thread, at best by the one counted: 1.6 µs on a virtual machine; from another CPU it costs that
/// CPU an interrupt, too.
class PerfGroup {
public:
  static constexpr std::size_t most = 8;

  /// As read(2) fills it for an event that leads a group (perf_event_open(2), PERF_FORMAT_GROUP).
  struct Reading {
    std::uint64_t events = 0;
    std::uint64_t enabled_ns = 0;  ///< while the thread ran
    std::uint64_t running_ns = 0;  ///< the part of it in which the group was on the counters
    std::array<std::uint64_t, most> counts{};  ///< raw, in the order of `add`
  };

  /// Opens the event for the calling thread, within this group. Tells whether it counts "user and
  /// kernel" or "user only" (where the kernel may not be watched), or why it cannot be had. A
  /// refused event leaves the group as it was.
  [[nodiscard]] Probed<std::string> add(const PerfEvent& event, const SystemFiles& files = {});
  /// Empty when the kernel gives no reading.
  [[nodiscard]] std::optional<Reading> read() const noexcept;

private:
  std::vector<FileDescriptor> events_;  ///< the first one leads
};

}  // namespace lockbench
