#pragma once

/// Settings of the kernel and the hardware that the doctor judges, since they move results.

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/machine/facts/system_files.hpp"

namespace lockbench {

struct Settings {
  Probed<std::string> governor;  ///< of all CPUs; several, comma separated, where they differ
  Probed<std::string> frequency_driver;
  Probed<bool> turbo;
  Probed<std::string> smt_control;  ///< "on", "off", "forceoff", "notsupported", …
  Probed<std::string> clocksource;
  Probed<std::string> transparent_hugepages;  ///< "always", "madvise" or "never"
  Probed<std::int64_t> aslr;                  ///< randomize_va_space: 0 off, 1, 2 full
  Probed<std::int64_t> numa_balancing;
  Probed<std::int64_t> swap_used_bytes;
  Probed<double> memory_limit_bytes;  ///< of control groups; see `read_memory_limit`
};

[[nodiscard]] Settings read_settings(const SystemFiles& files = {});

/// The distinct values of one file of cpufreq over all CPUs, comma separated.
[[nodiscard]] Probed<std::string> over_all_cpus(const SystemFiles& files, std::string_view name);

/// The word in brackets of a choice such as "always [madvise] never".
[[nodiscard]] Probed<std::string> chosen_word(const Probed<std::string>& choices);

}  // namespace lockbench
