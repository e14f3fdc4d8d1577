#include <fmt/format.h>

#include <algorithm>

#include "harness/machine/doctor/rules.hpp"

namespace lockbench::doctor {

Finding virtualisation_rule(const MachineFacts& facts) {
  const Virtualisation& guest = facts.virtualisation;
  const bool contained = guest.container != "none detected" && !guest.container.empty();
  const std::string container = contained ? fmt::format(", container: {}", guest.container) : "";
  if (!guest.hypervisor.known()) {
    return {"virtualisation",
            Severity::note,
            guest.hypervisor.reason() + container,
            "If there is a hypervisor, it moves CPUs about and hides the hardware.",
            {}};
  }
  if (!is_virtual(guest)) {
    return {"virtualisation", Severity::ok, "no hypervisor" + container, {}, {}};
  }
  return {"virtualisation", Severity::note,
          fmt::format("guest of {}{}", guest.hypervisor.value(), container),
          "Virtual CPUs are threads of a host that moves and interrupts them; waking one may mean "
          "waking the host's CPU. Results hold for such guests, not for the hardware below.",
          "Use bare metal, or a dedicated guest whose virtual CPUs are pinned."};
}

Finding others_rule(const MachineFacts& facts) {
  constexpr double quiet = 0.05;
  constexpr double crowded = 0.5;
  const auto& busy = facts.probes.others_busy;
  const auto& load = facts.load.load_1min;
  const std::string average = load.known() ? fmt::format("{:.2f}", load.value()) : "unknown";
  if (!busy.known()) {
    return {"other work",
            Severity::note,
            fmt::format("load average {}; {}", average, busy.reason()),
            "Others' work takes CPUs from the team during windows, unseen.",
            {}};
  }
  const std::string found =
      fmt::format("others kept the CPUs {:.0f} % busy while nothing was measured; load average {}",
                  100 * busy.value(), average);
  if (busy.value() < quiet) return {"other work", Severity::ok, found, {}, {}};
  return {"other work", busy.value() < crowded ? Severity::warning : Severity::unfit, found,
          "Teams that need every CPU lose theirs in the midst of critical sections: spinning and "
          "fair locks suffer most, and the rankings shift towards locks that park.",
          "Stop what else is running (top -o %CPU shows it), or keep CPUs free of it: isolcpus= on "
          "the kernel's command line, or a cpuset."};
}

Finding steal_rule(const MachineFacts& facts) {
  constexpr double unnoticeable = 0.005;
  constexpr double ruinous = 0.05;
  const auto& steal = facts.probes.steal;
  if (!steal.known()) {
    return {"stolen time",
            Severity::note,
            steal.reason(),
            "Time that a hypervisor gives to other guests cannot be told from slow locks.",
            {}};
  }
  const std::string found = fmt::format("{:.1f} % of CPU time", 100 * steal.value());
  if (steal.value() < unnoticeable) return {"stolen time", Severity::ok, found, {}, {}};
  return {
      "stolen time", steal.value() < ruinous ? Severity::warning : Severity::unfit, found,
      "The host stops virtual CPUs for milliseconds; one that holds a lock stops the whole team.",
      "Use a dedicated guest, or repeat when the host is quiet."};
}

Finding swap_rule(const MachineFacts& facts) {
  const auto& used = facts.settings.swap_used_bytes;
  if (!used.known()) {
    return {"swap",
            Severity::note,
            used.reason(),
            "A page brought back from disk within a window costs milliseconds.",
            {}};
  }
  if (used.value() == 0) return {"swap", Severity::ok, "nothing is swapped out", {}, {}};
  constexpr double mib = 1024.0 * 1024.0;
  return {
      "swap", Severity::warning,
      fmt::format("{:.0f} MiB are swapped out", static_cast<double>(used.value()) / mib),
      "Memory has been short: a page brought back from disk within a window costs milliseconds.",
      "sudo swapoff -a, and stop what needs the memory"};
}

Finding hugepages_rule(const MachineFacts& facts) {
  const auto& mode = facts.settings.transparent_hugepages;
  if (!mode.known()) {
    return {"transparent hugepages",
            Severity::note,
            mode.reason(),
            "Whether large queues are helped by huge pages cannot be told.",
            {}};
  }
  if (mode.value() != "always") {
    return {"transparent hugepages", Severity::ok, mode.value(), {}, {}};
  }
  return {"transparent hugepages", Severity::note, mode.value(),
          "The kernel may merge pages of a queue at any time: large prefills differ between "
          "processes for no reason of the lock's.",
          "echo madvise | sudo tee /sys/kernel/mm/transparent_hugepage/enabled"};
}

Finding aslr_rule(const MachineFacts& facts) {
  const auto& aslr = facts.settings.aslr;
  if (!aslr.known()) {
    return {"address layout",
            Severity::note,
            aslr.reason(),
            "Whether processes differ in their memory layout cannot be told.",
            {}};
  }
  if (aslr.value() != 0) {
    return {"address layout",
            Severity::ok,
            "random: its effect is averaged out over the processes of a run",
            {},
            {}};
  }
  return {"address layout", Severity::note, "the same in every process",
          "A layout that favours one strategy by chance does so in every process, and the interval "
          "over processes does not show it.",
          "sudo sysctl kernel.randomize_va_space=2"};
}

}  // namespace lockbench::doctor
