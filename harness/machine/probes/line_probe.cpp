#include <algorithm>
#include <random>
#include <thread>

#include "harness/machine/probes/line_ping_pong.hpp"
#include "harness/machine/probes/pinned_pair.hpp"
#include "harness/machine/probes/probes.hpp"

namespace lockbench {
namespace {

using Clock = std::chrono::steady_clock;

/// A pair's round trips so far, and why the last one that failed did.
struct Sampled {
  LinePair pair;
  std::vector<double> roundtrips_ns{};
  std::string failure{};
};

void sample(Sampled& sampled) {
  constexpr std::uint32_t rounds = 400;
  LinePingPong exchange(std::chrono::milliseconds(20));
  std::optional<double> roundtrip_ns;
  bool returned = false;
  const std::string failure = run_pinned_pair(
      sampled.pair.first_cpu, [&] { roundtrip_ns = exchange.ping(rounds); },
      sampled.pair.second_cpu, [&] { returned = exchange.pong(rounds); });
  if (roundtrip_ns && returned) {
    sampled.roundtrips_ns.push_back(*roundtrip_ns);
  } else {
    sampled.failure = failure.empty() ? "the two threads did not run at the same time" : failure;
  }
}

LinePair conclude(const Sampled& sampled) {
  LinePair pair = sampled.pair;
  if (sampled.roundtrips_ns.empty()) {
    pair.roundtrip_ns = Unknown{sampled.failure};
    return pair;
  }
  pair.roundtrip_ns = spread_of(sampled.roundtrips_ns);
  const auto all = static_cast<double>(sampled.roundtrips_ns.size());
  for (const LineDistance distance : all_values<LineDistance>) {
    const auto like = std::ranges::count(sampled.roundtrips_ns, distance, line_distance);
    pair.shares.push_back(static_cast<double>(like) / all);
  }
  return pair;
}

}  // namespace

LineDistance line_distance(double roundtrip_ns) noexcept {
  constexpr double least_cache_ns = 75;
  constexpr double least_far_ns = 250;
  if (roundtrip_ns < least_cache_ns) return LineDistance::core;
  return roundtrip_ns < least_far_ns ? LineDistance::cache : LineDistance::far;
}

bool changes_distance(const LinePair& pair) {
  constexpr double same_distance = 1.6;
  constexpr double rare = 0.05;
  if (!pair.roundtrip_ns.known()) return false;
  const Spread& spread = pair.roundtrip_ns.value();
  return spread.p95 > same_distance * spread.p05 ||
         std::ranges::count_if(pair.shares, [](double share) { return share >= rare; }) > 1;
}

std::vector<std::pair<int, int>> choose_pairs(const std::vector<Cpu>& cpus, std::size_t most) {
  std::vector<std::pair<int, int>> pairs;
  for (std::size_t first = 0; first < cpus.size(); ++first) {
    for (std::size_t second = first + 1; second < cpus.size(); ++second) {
      pairs.emplace_back(cpus[first].os_index, cpus[second].os_index);
    }
  }
  if (pairs.size() > most) {
    std::mt19937 same_every_time(1);  // NOLINT: so that two runs compare the same pairs
    std::ranges::shuffle(pairs, same_every_time);
    pairs.resize(most);
    std::ranges::sort(pairs);
  }
  return pairs;
}

LineProbe probe_lines(const Topology& topology, const ProbeBudget& budget) {
  constexpr std::size_t most_pairs = 120;
  constexpr std::size_t least_passes = 3;
  constexpr auto least_pass = std::chrono::milliseconds(5);  // the distance changes in tens of ms
  const std::size_t cpus = topology.cpus.size();
  if (cpus < 2) return {.pairs = Unknown{"there are no two usable CPUs to be apart"}};
  std::vector<Sampled> all;
  for (const auto& [first, second] : choose_pairs(topology.cpus, most_pairs)) {
    all.push_back({.pair = {.first_cpu = first, .second_cpu = second}});
  }
  const auto end = Clock::now() + budget.lines;
  // Pass by pass, so that every pair is seen over the whole time.
  for (std::size_t pass = 0; pass < least_passes || Clock::now() < end; ++pass) {
    const auto next_pass = Clock::now() + least_pass;
    for (Sampled& sampled : all) sample(sampled);
    std::this_thread::sleep_until(next_pass);
  }
  std::vector<LinePair> pairs;
  std::ranges::transform(all, std::back_inserter(pairs), conclude);
  return {.pairs = std::move(pairs), .possible_pairs = cpus * (cpus - 1) / 2};
}

}  // namespace lockbench
