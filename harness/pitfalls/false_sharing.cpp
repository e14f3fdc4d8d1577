/// Two counters, each used by one thread, in one cache line that both CPUs then have to share.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <vector>

#include "harness/machine/facts/topology.hpp"
#include "harness/machine/probes/pinned_pair.hpp"
#include "harness/metrics/statistics.hpp"
#include "harness/pitfalls/pitfalls.hpp"
#include "harness/pitfalls/run_together.hpp"

namespace lockbench::pitfalls {
namespace {

constexpr std::size_t line_bytes = 64;

using Counter = std::atomic<std::uint64_t>;
/// Two lines apart, since many CPUs fetch lines in pairs.
constexpr std::size_t counters_apart = 2 * line_bytes / sizeof(Counter);

/// When a thread ran its part of a round.
struct Part {
  Clock::time_point begin;
  Clock::time_point end;
};

/// The share of the longer part during which both were running: 1 if they began and ended together.
double overlap(const Part& left, const Part& right) {
  const auto both = std::min(left.end, right.end) - std::max(left.begin, right.begin);
  const auto longer = std::max(left.end - left.begin, right.end - right.begin);
  return seconds(both) / seconds(longer);
}

/// A barrier for two threads. A waiting thread does not yield, so that both threads are on their CPUs
/// when they go on.
class Meeting {
public:
  explicit Meeting(Clock::time_point give_up) noexcept : give_up_(give_up) {}

  /// Waits for the other thread, which must call it as often. Returns false if that does not come.
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

/// The time of an increment, in the rounds in which both threads were on their CPUs.
struct IncrementCosts {
  std::vector<double> one_line_ns;
  std::vector<double> two_lines_ns;
};

Part increment(Counter& counter, std::uint32_t increments) {
  const auto begin = Clock::now();
  for (std::uint32_t i = 0; i < increments; ++i) counter.fetch_add(1, std::memory_order_relaxed);
  return {begin, Clock::now()};
}

/// Runs rounds of both forms in turns until enough of them count, or `patience` is over.
IncrementCosts measure(const std::vector<int>& cpus, std::uint32_t increments,
                       Clock::duration patience) {
  constexpr std::size_t enough = 41;
  constexpr double side_by_side = 0.8;
  alignas(2 * line_bytes) std::array<Counter, counters_apart + 1> counters{};
  std::array<Part, 2> parts{};
  std::atomic<bool> over{false};
  IncrementCosts costs;
  const auto give_up = Clock::now() + patience;
  // Later than that, so that it only ends a wait for a partner that never came.
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
      if (!meeting.meet(thread)) return;
      parts[thread] = increment(counters[thread * (shares_line ? 1 : counters_apart)], increments);
      if (!meeting.meet(thread)) return;
      if (thread == 0) judge(shares_line);
      // Thread 0 has decided whether it is over before the other one asks.
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
                "There is one CPU here. False sharing needs two: on one CPU the line stays in its "
                "cache, whichever thread writes to it."};
  }
  const std::uint32_t increments = 20'000;
  const auto costs = measure(cpus, increments, std::chrono::seconds(3) * dose);
  if (costs.one_line_ns.empty() || costs.two_lines_ns.empty()) {
    return {.happened = "The two threads never ran at the same time: other programs use the CPUs."};
  }
  const double wrong_ns = median(costs.one_line_ns);
  const double right_ns = median(costs.two_lines_ns);
  constexpr double clearly = 1.3;
  return {
      .shown = wrong_ns >= clearly * right_ns,
      .readings = {{"increment_ns", "an increment, median of rounds", "ns", wrong_ns, right_ns},
                   {"rounds", "rounds in which both threads ran", "rounds",
                    static_cast<double>(costs.one_line_ns.size()),
                    static_cast<double>(costs.two_lines_ns.size())},
                   {"slowdown", "slowdown by sharing the line", "times", wrong_ns / right_ns, {}}},
      .happened = fmt::format(
          "Two threads, on CPUs {} and {}, each incremented a counter of its own {} times a round, "
          "with both forms in turns. Neither reads the other's counter. Wrong: both counters lie "
          "in one cache line, which only one CPU can write at a time, so it travels between them. "
          "Right: {} bytes apart. Only rounds in which both threads ran count.",
          cpus[0], cpus[1], increments, 2 * line_bytes)};
}

}  // namespace

Pitfall false_sharing() {
  return {.name = "false-sharing",
          .summary = "data of different threads lies in one cache line",
          .rule =
              "Put data that different threads write into separate cache lines (alignas(64), or "
              "128 if lines are fetched in pairs): each thread's counters, the lock, and the data "
              "it protects.",
          .run = run_false_sharing};
}

}  // namespace lockbench::pitfalls
