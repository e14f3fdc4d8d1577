#include "harness/metrics/flags.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace lockbench {
namespace {

using Number = std::optional<double>;

bool above(const Number& value, double most) {
  return value && *value > most;
}

Number share(const Number& part, const Number& whole) {
  if (!part || !whole || *whole <= 0) return std::nullopt;
  return *part / *whole;
}

/// Of all tries, how many were refused.
Number refused_share(const std::optional<std::uint64_t>& refused,
                     const std::optional<std::uint64_t>& granted) {
  if (!refused || !granted) return std::nullopt;
  return share(static_cast<double>(*refused),
               static_cast<double>(*refused) + static_cast<double>(*granted));
}

/// The larger over the smaller.
Number factor_between(const Number& before, const Number& after) {
  if (!before || !after) return std::nullopt;
  const auto [low, high] = std::minmax(*before, *after);
  return share(high, low);
}

bool outside_load(const WindowFacts& facts) {
  if (above(facts.others_share, most_others)) return true;
  // Threads that outnumber the CPUs wait for each other.
  if (facts.oversubscribed.value_or(true) || !facts.duration_s) return false;
  return above(share(facts.run_queue_wait_s, facts.threads * *facts.duration_s),
               most_run_queue_wait);
}

bool stalled(const WindowFacts& facts) {
  const bool all_there = facts.overlap && *facts.overlap >= fine_overlap;
  return all_there && above(share(facts.longest_gap_s, facts.duration_s), most_gap);
}

}  // namespace

std::vector<std::string_view> flags_of(const WindowFacts& facts) {
  const auto no_task = refused_share(facts.empty_takes, facts.takes);
  const auto no_room = refused_share(facts.full_adds, facts.adds);
  const auto loop_change = factor_between(facts.spin_loop_before_ns, facts.spin_loop_after_ns);
  const auto line_change =
      factor_between(facts.line_roundtrip_before_ns, facts.line_roundtrip_after_ns);
  std::vector<std::string_view> flags;
  for (const auto& [word, applies] : {
           std::pair{"drained", above(no_task, most_empty_takes)},
           {"overfull", above(no_room, most_full_adds)},
           {"outside_load", outside_load(facts)},
           {"stolen", above(facts.steal_share, most_stolen)},
           {"speed_changed", above(loop_change, most_speed_change)},
           {"regime_changed", above(line_change, most_line_change)},
           {"stalled", stalled(facts)},
           {"mixed_cpu_kinds", facts.cpu_kinds > 1},
       }) {
    if (applies) flags.emplace_back(word);
  }
  return flags;
}

std::string join(std::span<const std::string_view> flags) {
  return fmt::format("{}", fmt::join(flags, ";"));
}

}  // namespace lockbench
