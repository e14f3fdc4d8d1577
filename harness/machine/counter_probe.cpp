#include <fmt/format.h>
#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "harness/machine/probes.hpp"
#include "harness/machine/spin_loop.hpp"

namespace lockbench {
namespace {

class FileDescriptor {
public:
  explicit FileDescriptor(int value) noexcept : value_(value) {}
  ~FileDescriptor() {
    if (value_ >= 0) close(value_);
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  [[nodiscard]] int get() const noexcept { return value_; }

private:
  int value_;
};

int open_counter(std::uint32_t type, std::uint64_t config, bool with_kernel) {
  perf_event_attr attributes{};
  attributes.size = sizeof attributes;
  attributes.type = type;
  attributes.config = config;
  attributes.disabled = 1;
  attributes.exclude_kernel = with_kernel ? 0 : 1;
  attributes.exclude_hv = 1;
  attributes.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
  return static_cast<int>(syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0));
}

std::string explain(int error, const SystemFiles& files) {
  std::string why = fmt::format("perf_event_open: {}", std::strerror(error));
  if (error == ENOENT || error == EOPNOTSUPP || error == ENODEV) {
    return why + "; the CPU or the hypervisor offers no such counter";
  }
  if (error == EACCES || error == EPERM) {
    const auto paranoid = files.read("/proc/sys/kernel/perf_event_paranoid");
    why += fmt::format("; kernel.perf_event_paranoid is {}",
                       paranoid.known() ? paranoid.value() : "unreadable");
  }
  return why;
}

Measured<double> count(std::uint32_t type, std::uint64_t config, const SystemFiles& files) {
  int raw = open_counter(type, config, true);
  // Without privileges only user space may be watched; that still proves that the counter is there.
  if (raw < 0 && (errno == EACCES || errno == EPERM)) raw = open_counter(type, config, false);
  if (raw < 0) return Unknown{explain(errno, files)};
  const FileDescriptor counter(raw);
  ioctl(counter.get(), PERF_EVENT_IOC_ENABLE, 0);
  std::uint64_t work = 1;
  for (int repeat = 0; repeat < 100; ++repeat) work = run_spin_loop(work);
  asm volatile("" : "+r"(work) : : "memory");
  ioctl(counter.get(), PERF_EVENT_IOC_DISABLE, 0);
  struct {
    std::uint64_t value = 0;
    std::uint64_t enabled_ns = 0;
    std::uint64_t running_ns = 0;
  } reading;
  if (read(counter.get(), &reading, sizeof reading) != static_cast<ssize_t>(sizeof reading)) {
    return Unknown{fmt::format("reading the counter: {}", std::strerror(errno))};
  }
  if (reading.running_ns == 0) return Unknown{"the counter opens but never runs"};
  return static_cast<double>(reading.value);
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
  const auto hardware = [&](std::uint64_t config) {
    return count(PERF_TYPE_HARDWARE, config, files);
  };
  const auto software = [&](std::uint64_t config) {
    return count(PERF_TYPE_SOFTWARE, config, files);
  };
  return {.cycles = nonzero(hardware(PERF_COUNT_HW_CPU_CYCLES)),
          .instructions = nonzero(hardware(PERF_COUNT_HW_INSTRUCTIONS)),
          .cache_misses = hardware(PERF_COUNT_HW_CACHE_MISSES),
          .task_clock_ns = nonzero(software(PERF_COUNT_SW_TASK_CLOCK)),
          .context_switches = software(PERF_COUNT_SW_CONTEXT_SWITCHES),
          .page_faults = software(PERF_COUNT_SW_PAGE_FAULTS),
          .cpu_migrations = software(PERF_COUNT_SW_CPU_MIGRATIONS)};
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
