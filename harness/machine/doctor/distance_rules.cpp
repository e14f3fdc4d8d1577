#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/machine/doctor/rules.hpp"

namespace lockbench::doctor {
namespace {

std::string_view likeness(LineDistance distance) {
  static constexpr std::array<std::string_view, 3> texts{"like two threads of one core",
                                                         "like two cores behind one cache",
                                                         "like two chiplets or sockets"};
  return texts[static_cast<std::size_t>(distance)];
}

std::string name_of(const LinePair& pair) {
  return fmt::format("CPUs {} and {}", pair.first_cpu, pair.second_cpu);
}

std::vector<LinePair> measured_pairs(const LineProbe& lines) {
  std::vector<LinePair> measured;
  std::ranges::copy_if(lines.pairs, std::back_inserter(measured),
                       [](const LinePair& pair) { return pair.roundtrip_ns.known(); });
  return measured;
}

std::string why_none(const LineProbe& lines) {
  if (!lines.reason.empty()) return lines.reason;
  return lines.pairs.empty() ? "not probed" : lines.pairs.front().roundtrip_ns.reason();
}

double median_ns(const LinePair& pair) {
  return pair.roundtrip_ns->median;
}

}  // namespace

Finding line_steadiness_rule(const MachineFacts& facts) {
  const auto pairs = measured_pairs(facts.probes.lines);
  if (pairs.empty()) {
    return {"line steadiness",
            Severity::note,
            why_none(facts.probes.lines),
            "Whether the distance between CPUs changes during a run is not known.",
            {}};
  }
  const auto changing = std::ranges::count_if(pairs, changes_distance);
  if (changing == 0) {
    return {"line steadiness", Severity::ok, "the distance between CPUs stayed the same", {}, {}};
  }
  const auto spread = [](const LinePair& pair) {
    return pair.roundtrip_ns->p95 / std::max(pair.roundtrip_ns->p05, 1.0);
  };
  const LinePair& widest = *std::ranges::max_element(pairs, {}, spread);
  return {
      "line steadiness", Severity::warning,
      fmt::format("{} of {} pairs changed their distance within a second; {}: {:.0f}-{:.0f} ns",
                  changing, pairs.size(), name_of(widest), widest.roundtrip_ns->p05,
                  widest.roundtrip_ns->p95),
      "Every contended result changes with it, by 2-10 times: rows carry line_roundtrip_ns, and "
      "cases met in several regimes say so. Only comparisons within blocks hold.",
      "Use bare metal or pinned virtual CPUs; else more processes (--processes)."};
}

Finding line_distance_rule(const MachineFacts& facts) {
  const auto pairs = measured_pairs(facts.probes.lines);
  if (pairs.empty()) {
    return {"line distance",
            Severity::note,
            why_none(facts.probes.lines),
            "What it costs to hand a lock from CPU to CPU is not known.",
            {}};
  }
  const auto [nearest, furthest] = std::ranges::minmax_element(pairs, {}, median_ns);
  const auto near_like = line_distance(median_ns(*nearest));
  const auto far_like = line_distance(median_ns(*furthest));
  if (near_like == far_like) {
    std::string found = fmt::format("{:.0f} ns there and back", median_ns(*nearest));
    if (pairs.size() > 1) {
      found =
          fmt::format("{:.0f}-{:.0f} ns there and back", median_ns(*nearest), median_ns(*furthest));
    }
    found += fmt::format(", {}", likeness(near_like));
    if (near_like != LineDistance::core || has_smt(facts.topology)) {
      return {"line distance", Severity::ok, found, {}, {}};
    }
    return {
        "line distance", Severity::note, found + ", though shown as two cores",
        "The threads of a team share one core's caches and its speed: contention looks cheaper, "
        "and parallel work slower, than on two real cores.",
        "Ask for whole cores, or read the results as those of SMT siblings."};
  }
  return {"line distance", Severity::note,
          fmt::format("from {:.0f} ns ({}, {}) to {:.0f} ns ({}, {})", median_ns(*nearest),
                      name_of(*nearest), likeness(near_like), median_ns(*furthest),
                      name_of(*furthest), likeness(far_like)),
          "Which CPUs a team gets decides its contended results: compare only cases with the same "
          "--pinning.",
          "--pinning compact and --pinning scatter show both ends."};
}

Finding wake_up_rule(const MachineFacts& facts) {
  constexpr double usual_us = 10;
  const auto& other = facts.probes.wake_up.other_cpu_us;
  const auto& same = facts.probes.wake_up.same_cpu_us;
  if (!other.known()) {
    return {"wake-up",
            Severity::note,
            other.reason(),
            "What a blocking strategy pays to wake a thread on another CPU is not known.",
            {}};
  }
  std::string found =
      fmt::format("{:.1f} µs to another CPU (95 % within {:.1f} µs)", other->median, other->p95);
  if (same.known()) found += fmt::format(", {:.1f} µs on the same CPU", same->median);
  if (other->median <= usual_us) return {"wake-up", Severity::ok, found, {}, {}};
  return {
      "wake-up", Severity::note, found,
      "Waking a sleeper costs several times what it costs on bare metal (2-5 µs): strategies "
      "that park look worse here than elsewhere, and their ranking must be read beside this "
      "figure.",
      is_virtual(facts.virtualisation)
          ? "Boot the guest with idle=poll, or use its haltpoll governor, at the price of power."
          : "Keep CPUs out of deep sleep: sudo cpupower idle-set -D 10"};
}

}  // namespace lockbench::doctor
