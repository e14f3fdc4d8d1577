#include "harness/machine/facts/settings.hpp"

#include <gtest/gtest.h>

#include "harness/tests/machine/invented_files.hpp"

namespace lockbench {
namespace {

TEST(Settings, one_governor_for_all_cpus_is_named_once) {
  InventedFiles invented;
  invented.with("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "performance\n")
      .with("/sys/devices/system/cpu/cpu10/cpufreq/scaling_governor", "performance\n")
      .with("/sys/devices/system/cpu/cpufreq/scaling_governor", "not a CPU\n");
  EXPECT_EQ(read_settings(invented.files()).governor.value(), "performance");
}

TEST(Settings, governors_that_differ_are_all_named) {
  InventedFiles invented;
  invented.with("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "powersave\n")
      .with("/sys/devices/system/cpu/cpu1/cpufreq/scaling_governor", "performance\n");
  EXPECT_EQ(read_settings(invented.files()).governor.value(), "performance,powersave");
}

TEST(Settings, turbo_is_read_from_either_driver) {
  InventedFiles intel;
  intel.with("/sys/devices/system/cpu/intel_pstate/no_turbo", "1\n");
  EXPECT_FALSE(read_settings(intel.files()).turbo.value());
  InventedFiles other;
  other.with("/sys/devices/system/cpu/cpufreq/boost", "1\n");
  EXPECT_TRUE(read_settings(other.files()).turbo.value());
}

TEST(Settings, the_marked_choice_is_taken) {
  EXPECT_EQ(chosen_word(std::string("always [madvise] never")).value(), "madvise");
  EXPECT_FALSE(chosen_word(std::string("always madvise")).known());
  EXPECT_FALSE(chosen_word(Unknown{"gone"}).known());
}

TEST(Settings, swap_in_use_is_what_is_not_free) {
  InventedFiles invented;
  invented.with("/proc/meminfo",
                "MemTotal: 1024 kB\nMemAvailable: 512 kB\nSwapTotal: 100 kB\nSwapFree: 60 kB\n");
  EXPECT_EQ(read_settings(invented.files()).swap_used_bytes.value(), 40 * 1024);
}

TEST(Settings, a_machine_without_any_file_has_a_reason_for_everything) {
  const InventedFiles invented;
  const Settings settings = read_settings(invented.files());
  for (const auto* text : {&settings.governor, &settings.frequency_driver, &settings.smt_control,
                           &settings.clocksource, &settings.transparent_hugepages}) {
    EXPECT_FALSE(text->known());
    EXPECT_FALSE(text->reason().empty());
  }
  for (const auto* number : {&settings.aslr, &settings.swap_used_bytes, &settings.numa_balancing}) {
    EXPECT_FALSE(number->known());
    EXPECT_FALSE(number->reason().empty());
  }
  EXPECT_FALSE(settings.turbo.known());
}

}  // namespace
}  // namespace lockbench
