/// What does timing one operation in N cost the windows in which it is done? `mixed` on `mutex`, with
/// one thread and with two, in pairs of windows with and without, in random order: for the N of
/// `--sample` when nobody asks otherwise, for a half and a quarter of it.
///
/// Prints the ratio of throughputs, with / without, with its 95 % interval, after that of windows
/// without against themselves. Exits 1 when timing one in the default N costs more than 3 %.

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <vector>

#include "harness/base/random.hpp"
#include "harness/engine/window.hpp"
#include "harness/machine/facts/topology.hpp"
#include "harness/metrics/statistics.hpp"
#include "harness/plan/sampling.hpp"
#include "harness/workloads/mixed.hpp"
#include "strategies/mutex.hpp"

namespace {

using namespace lockbench;

constexpr int pairs = 300;
constexpr double most_cost = 0.03;

double throughput(Team& team, std::uint64_t seed, std::uint32_t every) {
  WindowSpec spec;
  spec.point.threads = team.size();
  spec.seed = seed;
  spec.sample_every = every;
  return run_window<Mixed, MutexTaskQueue>(team, spec).measurement.throughput_ops_s;
}

/// Prints and returns the ratio of throughputs, one operation in `every` timed / none.
double report(const std::string& what, Team& team, std::uint32_t every) {
  Random coin{team.size() + every};
  std::vector<double> log_ratios;
  for (int pair = 0; pair < pairs; ++pair) {
    const auto seed = coin.next();  // the same draws for both
    const bool timed_first = coin.below(2) == 0;
    double timed = timed_first ? throughput(team, seed, every) : 0.0;
    const double untimed = throughput(team, seed, 0);
    if (!timed_first) timed = throughput(team, seed, every);
    log_ratios.push_back(std::log(timed / untimed));
  }
  const auto [log_ratio, interval] = paired_difference(log_ratios);
  fmt::print("{} thread{}, {:<18} {:.4f} [{:.4f}, {:.4f}], {} pairs\n", team.size(),
             team.size() == 1 ? " " : "s", what, std::exp(log_ratio), std::exp(interval->low),
             std::exp(interval->high), pairs);
  return std::exp(log_ratio);
}

}  // namespace

int main() {
  constexpr std::uint32_t sample_every = usual_sample_every;
  const auto topology = read_topology();
  bool cheap = true;
  for (const std::uint32_t threads : {1U, 2U}) {
    Team team(threads, placement(topology, Pinning::compact, threads));
    (void)report("without / without", team, 0);
    for (const std::uint32_t every : {sample_every / 4, sample_every / 2, sample_every}) {
      const double ratio = report(fmt::format("1 in {} / without", every), team, every);
      if (every == sample_every) cheap &= ratio >= 1 - most_cost;
    }
  }
  return cheap ? 0 : 1;
}
