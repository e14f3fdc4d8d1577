/// Two counters that nobody shares, in one cache line that two CPUs then have to share.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <vector>

#include "harness/machine/facts/topology.hpp"
#include "harness/machine/probes/pinned_pair.hpp"
#include "harness/metrics/statistics.hpp"
#include "harness/pitfalls/crew.hpp"
#include "harness/pitfalls/registry.hpp"

namespace lockbench::pitfalls {
namespace {

constexpr std::size_t line_bytes = 64;

struct alignas(2 * line_bytes) OneLine {
  std::atomic<std::uint64_t> first{0};
  std::atomic<std::uint64_t> second{0};
};
/// Twice a line apart, since many CPUs fetch lines in pairs.
struct TwoLines {
  alignas(2 * line_bytes) std::atomic<std::uint64_t> first{0};
  alignas(2 * line_bytes) std::atomic<std::uint64_t> second{0};
};

/// A thread's part of a round.
struct Part {
  Clock::time_point begin;
  Clock::time_point end;
};

/// How much of the longer part the two were under way together: 1 = side by side from begin to end.
double overlap(const Part& left, const Part& right) {
  const auto both = std::min(left.end, right.end) - std::max(left.begin, right.begin);
  const auto longer = std::max(left.end - left.begin, right.end - right.begin);
  return seconds(both) / seconds(longer);
}

/// Where two threads wait for each other, again and again. They do not yield: whoever waits is on its
/// CPU, and so both are when they go on.
class Meeting {
public:
  explicit Meeting(Clock::time_point give_up) noexcept : give_up_(give_up) {}

  /// Both call it the same number of times. False when the other does not come.
  [[nodiscard]] bool meet(std::uint32_t thread) noexcept {
    const auto mine = arrived_[thread].load(std::memory_order_relaxed) + 1;
    arrived_[thread].store(mine, std::memory_order_release);  // (1) pairs with (2)
    for (std::uint32_t looks = 1;
         arrived_[1 - thread].load(std::memory_order_acquire) < mine;  // (2) pairs with (1)
         ++looks) {
      if (looks % 1024 == 0 && Clock::now() > give_up_) return false;
      cpu_relax();
    }
    return true;
  }

private:
  Clock::time_point give_up_;
  std::array<std::atomic<std::uint32_t>, 2> arrived_{};
};

/// Nanoseconds an increment, in the rounds in which both threads were on their CPUs.
struct IncrementCosts {
  std::vector<double> one_line_ns;
  std::vector<double> two_lines_ns;
};

Part increment(std::atomic<std::uint64_t>& counter, std::uint32_t increments) {
  const auto begin = Clock::now();
  for (std::uint32_t i = 0; i < increments; ++i) counter.fetch_add(1, std::memory_order_relaxed);
  return {begin, Clock::now()};
}

/// Plays rounds of both forms in turns until there are enough that count, or it takes too long.
IncrementCosts measure(const std::vector<int>& cpus, std::uint32_t increments,
                       Clock::duration patience) {
  constexpr std::size_t enough = 41;
  constexpr double side_by_side = 0.8;
  OneLine one_line;
  TwoLines two_lines;
  std::array<Part, 2> parts{};
  std::atomic<bool> over{false};
  IncrementCosts costs;
  const auto give_up = Clock::now() + patience;
  // Later, so that it is only for a partner who never came.
  Meeting meeting(give_up + std::chrono::seconds(2));
  // Thread 0 alone looks at both parts, between two meetings, and decides whether to go on.
  const auto judge = [&](bool shares_line) {
    if (overlap(parts[0], parts[1]) >= side_by_side) {
      const auto took = parts[0].end - parts[0].begin + (parts[1].end - parts[1].begin);
      auto& list = shares_line ? costs.one_line_ns : costs.two_lines_ns;
      list.push_back(seconds(took) / 2 * 1e9 / increments);
    }
    const auto fewest = std::min(costs.one_line_ns.size(), costs.two_lines_ns.size());
    if (fewest >= enough || Clock::now() > give_up) over = true;
  };
  const auto play = [&](std::uint32_t thread) {
    for (bool shares_line = true; !over; shares_line = !shares_line) {
      auto& shared = thread == 0 ? one_line.first : one_line.second;
      auto& apart = thread == 0 ? two_lines.first : two_lines.second;
      if (!meeting.meet(thread)) return;
      parts[thread] = increment(shares_line ? shared : apart, increments);
      if (!meeting.meet(thread)) return;
      if (thread == 0) judge(shares_line);
      // Nobody asks whether it is over before that has been decided.
      if (!meeting.meet(thread)) return;
    }
  };
  (void)run_pinned_pair(
      cpus[0], [&] { play(0); }, cpus[1], [&] { play(1); });
  return costs;
}

Shown run_false_sharing(std::uint32_t dose) {
  const auto topology = read_topology();
  const auto cpus = placement(topology, Pinning::scatter, 2);
  if (topology.cpus.size() < 2 || cpus.size() < 2) {
    return {.no_dose_helps = true,
            .happened =
                "There is one CPU here. False sharing needs two: on one, the line stays in "
                "its cache, whoever writes to it."};
  }
  const std::uint32_t increments = 20'000;
  const auto costs = measure(cpus, increments, std::chrono::seconds(3) * dose);
  if (costs.one_line_ns.empty() || costs.two_lines_ns.empty()) {
    return {.happened = "The two threads never ran at the same time: others use the CPUs."};
  }
  const double wrong_ns = median(costs.one_line_ns);
  const double right_ns = median(costs.two_lines_ns);
  constexpr double clearly = 1.3;
  return {.shown = wrong_ns >= clearly * right_ns,
          .measures = {{.key = "increment_ns",
                        .label = "an increment, median of rounds",
                        .unit = "ns",
                        .wrong = wrong_ns,
                        .right = right_ns},
                       {.key = "rounds",
                        .label = "rounds in which both threads ran",
                        .unit = "rounds",
                        .wrong = static_cast<double>(costs.one_line_ns.size()),
                        .right = static_cast<double>(costs.two_lines_ns.size())},
                       {.key = "slowdown",
                        .label = "slowdown by sharing the line",
                        .unit = "times",
                        .wrong = wrong_ns / right_ns,
                        .right = {}}},
          .happened = fmt::format(
              "Two threads, on CPUs {} and {}, incremented a counter of their own {} times a "
              "round, both forms in turns. Neither reads the other's. Wrong: both counters lie in "
              "one cache line, which can be written on one CPU at a time and so travels between "
              "them. Right: {} bytes apart. Rounds count in which both threads ran side by side.",
              cpus[0], cpus[1], increments, 2 * line_bytes)};
}

}  // namespace

Pitfall false_sharing() {
  return {.name = "false-sharing",
          .summary = "data of different threads lies in one cache line",
          .rule =
              "Give what different threads write a cache line of its own (alignas(64), or 128 "
              "where lines are fetched in pairs): counters a thread, the lock, and the data "
              "it protects.",
          .run = run_false_sharing};
}

}  // namespace lockbench::pitfalls
