#include "harness/machine/facts/settings.hpp"

#include <fmt/format.h>

#include <set>

#include "harness/machine/facts/memory_room.hpp"

namespace lockbench {
namespace {

constexpr std::string_view cpu_directory = "/sys/devices/system/cpu";

Probed<bool> read_turbo(const SystemFiles& files) {
  const auto no_turbo = files.read_number("/sys/devices/system/cpu/intel_pstate/no_turbo");
  if (no_turbo.known()) return no_turbo.value() == 0;
  const auto boost = files.read_number("/sys/devices/system/cpu/cpufreq/boost");
  if (boost.known()) return boost.value() != 0;
  return Unknown{"neither intel_pstate/no_turbo nor cpufreq/boost exists"};
}

Probed<std::int64_t> read_swap_used_bytes(const SystemFiles& files) {
  const auto meminfo = files.read("/proc/meminfo");
  return find_bytes(meminfo, "SwapFree").then([&](std::int64_t free_bytes) {
    return find_bytes(meminfo, "SwapTotal").then([&](std::int64_t all) {
      return all - free_bytes;
    });
  });
}

}  // namespace

Probed<std::string> over_all_cpus(const SystemFiles& files, std::string_view name) {
  std::set<std::string> values;
  std::string reason = "no CPU has a cpufreq directory: the clock is not this kernel's to set";
  for (const std::string& entry :
       files.list(cpu_directory)) {  // CPUs, and directories without cpufreq
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
  return {
      .governor = over_all_cpus(files, "scaling_governor"),
      .frequency_driver = over_all_cpus(files, "scaling_driver"),
      .turbo = read_turbo(files),
      .smt_control = files.read("/sys/devices/system/cpu/smt/control"),
      .clocksource = files.read("/sys/devices/system/clocksource/clocksource0/current_clocksource"),
      .transparent_hugepages =
          chosen_word(files.read("/sys/kernel/mm/transparent_hugepage/enabled")),
      .aslr = files.read_whole("/proc/sys/kernel/randomize_va_space"),
      .numa_balancing = files.read_whole("/proc/sys/kernel/numa_balancing"),
      .swap_used_bytes = read_swap_used_bytes(files),
      .memory_limit_bytes = read_memory_limit(files)};
}

}  // namespace lockbench
