#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/machine/doctor/rules.hpp"

namespace lockbench::doctor {

Finding governor_rule(const MachineFacts& facts) {
  const auto& governor = facts.settings.governor;
  if (!governor.known()) {
    return {"governor", Severity::note, governor.reason(),
            "The clock rate may change during a run without a trace; the spin loop beside every "
            "window is the only witness.",
            "On a virtual machine, set the governor on its host."};
  }
  if (governor.value() == "performance") {
    return {"governor", Severity::ok, governor.value(), {}, {}};
  }
  return {
      "governor", Severity::warning, governor.value(),
      "The clock rate follows the load: short windows and blocking strategies, which leave CPUs "
      "idle, are measured at lower rates than spinning ones.",
      "sudo cpupower frequency-set -g performance"};
}

Finding turbo_rule(const MachineFacts& facts) {
  const auto& turbo = facts.settings.turbo;
  if (!turbo.known()) {
    return {"turbo", Severity::note, turbo.reason(),
            "One thread may run faster than many because fewer cores are busy, which looks like "
            "lost scaling.",
            "On a virtual machine, only the host can tell or change it."};
  }
  if (!turbo.value()) return {"turbo", Severity::ok, "off", {}, {}};
  const auto& driver = facts.settings.frequency_driver;
  const bool intel = driver.known() && driver.value().starts_with("intel");
  return {"turbo", Severity::warning, "on",
          "The clock rate depends on how many cores are busy and on heat: curves over threads bend "
          "for a reason that is not the lock.",
          intel ? "echo 1 | sudo tee /sys/devices/system/cpu/intel_pstate/no_turbo"
                : "echo 0 | sudo tee /sys/devices/system/cpu/cpufreq/boost"};
}

Finding drift_rule(const MachineFacts& facts) {
  constexpr double steady = 0.03;
  const auto& variation = facts.probes.drift.variation;
  const auto& loop = facts.probes.drift.spin_loop_ns;
  if (!variation.known() || !loop.known()) {
    return {"speed drift",
            Severity::note,
            variation.reason(),
            "How steady single-threaded work runs here is not known.",
            {}};
  }
  const std::string found =
      fmt::format("a fixed loop takes {:.0f} ns ({:.0f}-{:.0f} ns), variation {:.1f} %",
                  loop->median, loop->p05, loop->p95, 100 * variation.value());
  if (variation.value() < steady) return {"speed drift", Severity::ok, found, {}, {}};
  return {"speed drift", Severity::warning, found,
          "Even work that shares nothing changes its speed meanwhile; differences of this size "
          "between strategies mean nothing unless they are paired within blocks.",
          "Fix the clock rate, stop other work, and use more processes (--processes)."};
}

Finding clock_rule(const MachineFacts& facts) {
  constexpr double dear_ns = 100;
  constexpr std::array<std::string_view, 5> fast{"tsc", "arch_sys_counter", "kvm-clock",
                                                 "hyperv_clocksource_tsc_page", "timebase"};
  const auto& source = facts.settings.clocksource;
  const auto& cost = facts.probes.clocks.steady_now_ns;
  const std::string name = source.known() ? source.value() : "unknown clock source";
  if (!cost.known()) {
    return {"clock", Severity::note, name, "What a time stamp costs is not known.", {}};
  }
  const std::string found = fmt::format("{}; a time stamp costs {:.0f} ns", name, cost.value());
  const bool slow_source = source.known() && std::ranges::find(fast, name) == fast.end();
  if (!slow_source && cost.value() < dear_ns) return {"clock", Severity::ok, found, {}, {}};
  return {
      "clock", Severity::warning, found,
      "A time stamp costs more than an operation on a queue, and may enter the kernel: sampled "
      "latencies carry that cost.",
      "echo tsc | sudo tee /sys/devices/system/clocksource/clocksource0/current_clocksource, or "
      "boot with clocksource=tsc tsc=reliable"};
}

}  // namespace lockbench::doctor
