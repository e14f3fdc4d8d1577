#include "harness/machine/facts/peak_memory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "harness/base/file_descriptor.hpp"

namespace lockbench {
namespace {

/// A line such as `VmHWM:	    1708 kB`.
Measured<std::int64_t> status_bytes(const SystemFiles& files, std::string_view key) {
  constexpr std::string_view path = "/proc/self/status";
  const auto field = find_field(files.read(path), key);
  if (!field.known()) return Unknown{fmt::format("{}: {}", path, field.reason())};
  const auto words = split_words(field.value());
  if (words.size() != 2 || words[1] != "kB") {
    return Unknown{fmt::format("{}: {} is '{}', not in kB", path, key, field.value())};
  }
  return whole(parse_number(words[0])).then([](std::int64_t kib) { return kib * 1024; });
}

}  // namespace

std::string reset_peak(const SystemFiles& files) {
  constexpr std::string_view path = "/proc/self/clear_refs";
  constexpr std::string_view reset_peak_rss = "5";
  const auto file = files.root / std::filesystem::path(path).relative_path();
  const FileDescriptor opened(open(file.c_str(), O_WRONLY | O_CLOEXEC));
  if (!opened.is_open() || write(opened.get(), reset_peak_rss.data(), reset_peak_rss.size()) != 1) {
    return fmt::format("{}: {}", path, std::strerror(errno));
  }
  return {};
}

Measured<std::int64_t> rss_bytes(const SystemFiles& files) {
  return status_bytes(files, "VmRSS");
}

Measured<std::int64_t> peak_rss_bytes(const SystemFiles& files) {
  return status_bytes(files, "VmHWM");
}

MemoryBaseline take_memory_baseline(const SystemFiles& files) {
  MemoryBaseline baseline;
  baseline.reset_refused = reset_peak(files);
  baseline.rss_bytes = rss_bytes(files);
  baseline.peak_bytes = peak_rss_bytes(files);
  return baseline;
}

Measured<std::int64_t> peak_growth_bytes(const MemoryBaseline& baseline,
                                         const Measured<std::int64_t>& peak_bytes) {
  if (!baseline.rss_bytes.known()) return Unknown{baseline.rss_bytes.reason()};
  if (!peak_bytes.known()) return Unknown{peak_bytes.reason()};
  const bool reset = baseline.reset_refused.empty();
  const bool new_peak =
      baseline.peak_bytes.known() && peak_bytes.value() > baseline.peak_bytes.value();
  if (!reset && !new_peak) {
    return Unknown{fmt::format("{}; an earlier peak hides the growth", baseline.reset_refused)};
  }
  return std::max<std::int64_t>(0, peak_bytes.value() - baseline.rss_bytes.value());
}

}  // namespace lockbench
