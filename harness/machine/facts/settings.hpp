#pragma once

/// Settings of the kernel and the hardware that move results.

#include <cstdint>
#include <string>

#include "harness/machine/facts/system_files.hpp"

namespace lockbench {

struct Settings {
  Measured<std::string> governor;  ///< of all CPUs; several, comma separated, where they differ
  Measured<std::string> frequency_driver;
  Measured<bool> turbo;
  Measured<double> min_mhz;
  Measured<double> max_mhz;
  Measured<std::string> smt_control;  ///< "on", "off", "forceoff", "notsupported", …
  Measured<std::string> clocksource;
  Measured<std::string> clocksources_available;
  Measured<std::string> transparent_hugepages;  ///< "always", "madvise" or "never"
  Measured<std::int64_t> aslr;                  ///< randomize_va_space: 0 off, 1, 2 full
  Measured<std::int64_t> numa_balancing;
  Measured<std::string> isolated_cpus;  ///< empty: none
  Measured<std::string> nohz_full_cpus;
  Measured<std::int64_t> perf_event_paranoid;
  Measured<std::int64_t> memory_bytes;
  Measured<std::int64_t> memory_available_bytes;
  Measured<std::int64_t> swap_bytes;
  Measured<std::int64_t> swap_used_bytes;
};

[[nodiscard]] Settings read_settings(const SystemFiles& files = {});

/// The word in brackets of a choice such as "always [madvise] never".
[[nodiscard]] Measured<std::string> chosen_word(const Measured<std::string>& choices);

}  // namespace lockbench
