#pragma once

/// Reads how long a thread was ready to run and had to wait for a CPU.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/base/file_descriptor.hpp"
#include "harness/machine/facts/probed.hpp"
#include "harness/machine/facts/system_files.hpp"

namespace lockbench {

/// The second number of a schedstat file, `3983622 15021100 2` (ns on a CPU, ns waiting for one,
/// turns), or why there is none. A kernel that keeps no such account writes three zeros, which no
/// thread that reads its own file can truly have.
[[nodiscard]] Probed<std::int64_t> parse_run_queue_wait_ns(std::string_view schedstat);

/// The waiting of the thread that constructs it, from /proc/thread-self/schedstat. The file stays
/// open, so that one reading is one pread(2): 1.6 µs on a virtual machine.
///
/// A thread that sleeps for a lock does not wait in this sense; one that was preempted, or woken
/// while its CPU was busy, does. So with a CPU for every thread it is what others took.
///
/// `read_ns` may be called by any thread, also concurrently; it always speaks of the constructing
/// one, and of nothing once that has ended.
class RunQueueWait {
public:
  explicit RunQueueWait(const SystemFiles& files = {});

  /// Nanoseconds since the thread was made. The wait under way is not yet in it. Empty when the
  /// kernel does not tell.
  [[nodiscard]] std::optional<std::int64_t> read_ns() const noexcept;
  /// Returns the reason why `read_ns` is always empty, or "" where it is not.
  [[nodiscard]] const std::string& unavailable() const noexcept { return unavailable_; }

private:
  FileDescriptor file_;
  std::string unavailable_;
};

}  // namespace lockbench
