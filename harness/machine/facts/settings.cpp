#include "harness/machine/facts/settings.hpp"

#include <fmt/format.h>

#include <set>

namespace lockbench {
namespace {

constexpr std::string_view cpu_directory = "/sys/devices/system/cpu";

bool names_a_cpu(std::string_view entry) {
  return entry.size() > 3 && entry.starts_with("cpu") &&
         entry.find_first_not_of("0123456789", 3) == std::string_view::npos;
}

/// Distinct values of one cpufreq file over all CPUs.
Probed<std::string> over_all_cpus(const SystemFiles& files, std::string_view name) {
  std::set<std::string> values;
  std::string reason = "no CPU has a cpufreq directory: the clock is not this kernel's to set";
  for (const std::string& entry : files.list(cpu_directory)) {
    if (!names_a_cpu(entry)) continue;
    const auto directory = fmt::format("{}/{}/cpufreq", cpu_directory, entry);
    if (files.list(directory).empty()) continue;
    const auto value = files.read(fmt::format("{}/{}", directory, name));
    if (value.known()) {
      values.insert(value.value());
    } else {
      reason = value.reason();
    }
  }
  if (values.empty()) return Unknown{reason};
  return fmt::format("{}", fmt::join(values, ","));
}

Probed<double> mhz(const SystemFiles& files, std::string_view name) {
  return over_all_cpus(files, name).then([](const std::string& text) -> Probed<double> {
    const auto khz = parse_number(text);
    if (!khz.known()) return Unknown{fmt::format("CPUs differ: {} kHz", text)};
    return khz.value() / 1000;
  });
}

Probed<bool> read_turbo(const SystemFiles& files) {
  const auto no_turbo = files.read_number("/sys/devices/system/cpu/intel_pstate/no_turbo");
  if (no_turbo.known()) return no_turbo.value() == 0;
  const auto boost = files.read_number("/sys/devices/system/cpu/cpufreq/boost");
  if (boost.known()) return boost.value() != 0;
  return Unknown{"neither intel_pstate/no_turbo nor cpufreq/boost exists"};
}

void read_memory(const SystemFiles& files, Settings& settings) {
  const auto meminfo = files.read("/proc/meminfo");
  settings.memory_bytes = find_bytes(meminfo, "MemTotal");
  settings.memory_available_bytes = find_bytes(meminfo, "MemAvailable");
  settings.swap_bytes = find_bytes(meminfo, "SwapTotal");
  settings.swap_used_bytes = find_bytes(meminfo, "SwapFree").then([&](std::int64_t free_bytes) {
    return settings.swap_bytes.then([&](std::int64_t all) { return all - free_bytes; });
  });
}

}  // namespace

Probed<std::string> chosen_word(const Probed<std::string>& choices) {
  return choices.then([](const std::string& text) -> Probed<std::string> {
    const auto open = text.find('[');
    const auto close = text.find(']', open);
    if (open == std::string::npos || close == std::string::npos) {
      return Unknown{fmt::format("no choice is marked in '{}'", text)};
    }
    return text.substr(open + 1, close - open - 1);
  });
}

Settings read_settings(const SystemFiles& files) {
  constexpr std::string_view clock = "/sys/devices/system/clocksource/clocksource0";
  Settings settings;
  settings.governor = over_all_cpus(files, "scaling_governor");
  settings.frequency_driver = over_all_cpus(files, "scaling_driver");
  settings.turbo = read_turbo(files);
  settings.min_mhz = mhz(files, "scaling_min_freq");
  settings.max_mhz = mhz(files, "scaling_max_freq");
  settings.smt_control = files.read("/sys/devices/system/cpu/smt/control");
  settings.clocksource = files.read(fmt::format("{}/current_clocksource", clock));
  settings.clocksources_available = files.read(fmt::format("{}/available_clocksource", clock));
  settings.transparent_hugepages =
      chosen_word(files.read("/sys/kernel/mm/transparent_hugepage/enabled"));
  settings.aslr = files.read_whole("/proc/sys/kernel/randomize_va_space");
  settings.numa_balancing = files.read_whole("/proc/sys/kernel/numa_balancing");
  settings.isolated_cpus = files.read("/sys/devices/system/cpu/isolated");
  settings.nohz_full_cpus = files.read("/sys/devices/system/cpu/nohz_full");
  settings.perf_event_paranoid = files.read_whole("/proc/sys/kernel/perf_event_paranoid");
  read_memory(files, settings);
  return settings;
}

}  // namespace lockbench
