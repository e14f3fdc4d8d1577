#pragma once

/// Settings of the kernel and the hardware that move results.

#include <cstdint>
#include <string>

#include "harness/machine/facts/system_files.hpp"

namespace lockbench {

struct Settings {
  Probed<std::string> governor;  ///< of all CPUs; several, comma separated, where they differ
  Probed<std::string> frequency_driver;
  Probed<bool> turbo;
  Probed<double> min_mhz;
  Probed<double> max_mhz;
  Probed<std::string> smt_control;  ///< "on", "off", "forceoff", "notsupported", …
  Probed<std::string> clocksource;
  Probed<std::string> clocksources_available;
  Probed<std::string> transparent_hugepages;  ///< "always", "madvise" or "never"
  Probed<std::int64_t> aslr;                  ///< randomize_va_space: 0 off, 1, 2 full
  Probed<std::int64_t> numa_balancing;
  Probed<std::string> isolated_cpus;  ///< empty: none
  Probed<std::string> nohz_full_cpus;
  Probed<std::int64_t> perf_event_paranoid;
  Probed<std::int64_t> memory_bytes;
  Probed<std::int64_t> memory_available_bytes;
  Probed<std::int64_t> swap_bytes;
  Probed<std::int64_t> swap_used_bytes;
};

[[nodiscard]] Settings read_settings(const SystemFiles& files = {});

/// The word in brackets of a choice such as "always [madvise] never".
[[nodiscard]] Probed<std::string> chosen_word(const Probed<std::string>& choices);

}  // namespace lockbench
