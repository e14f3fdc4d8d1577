#include "harness/machine/facts/peak_memory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

namespace lockbench {

std::string reset_peak(const SystemFiles& files) {
  constexpr std::string_view path = "/proc/self/clear_refs";
  const FileDescriptor file = files.open(path, O_WRONLY);
  if (!file.is_open() || write(file.get(), "5", 1) != 1) return system_error_at(path).reason;
  return {};
}

Probed<std::int64_t> rss_bytes(const SystemFiles& files) {
  return find_bytes(files.read("/proc/self/status"), "VmRSS");
}

Probed<std::int64_t> peak_rss_bytes(const SystemFiles& files) {
  return find_bytes(files.read("/proc/self/status"), "VmHWM");
}

MemoryBaseline take_memory_baseline(const SystemFiles& files) {
  std::string refused = reset_peak(files);
  return {rss_bytes(files), peak_rss_bytes(files), std::move(refused)};
}

Probed<std::int64_t> peak_growth_bytes(const MemoryBaseline& baseline,
                                       const Probed<std::int64_t>& peak_bytes) {
  if (!baseline.rss_bytes.known()) return baseline.rss_bytes;
  if (!peak_bytes.known()) return peak_bytes;
  const bool reset = baseline.reset_refused.empty();
  const bool new_peak =
      baseline.peak_bytes.known() && peak_bytes.value() > baseline.peak_bytes.value();
  if (!reset && !new_peak) {
    return Unknown{fmt::format("{}; an earlier peak hides the growth", baseline.reset_refused)};
  }
  return std::max<std::int64_t>(0, peak_bytes.value() - baseline.rss_bytes.value());
}

}  // namespace lockbench
