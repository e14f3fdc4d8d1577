/// Does work take as long as was asked for? Calibrates one thread, and then a thread on every CPU at
/// once, and lets each do work of 50 ns to 100 µs, with and without jitter.
///
/// Prints requested and measured times, as medians over threads of medians over batches. Exits 1
/// when 1 µs is off by more than 5 %.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <vector>

#include "harness/engine/calibration.hpp"
#include "harness/machine/facts/topology.hpp"
#include "harness/metrics/statistics.hpp"

namespace {

using namespace lockbench;
using Clock = std::chrono::steady_clock;

/// What a run takes relative to what it should: the amount, or where work varies, what was drawn.
/// The median over batches of at least 20 µs, short enough for most not to be interrupted.
double relative_time(WorkSource& work, double amount_ns, Jitter jitter, const WorkRate& rate) {
  constexpr double batch_ns = 20'000;
  constexpr int batches = 201;
  const int runs = std::max(1, static_cast<int>(batch_ns / amount_ns));
  std::vector<double> relative_times;
  for (int batch = 0; batch < batches; ++batch) {
    const auto steps_before = work.steps_done();
    const auto start = Clock::now();
    for (int run = 0; run < runs; ++run) work.run();
    const std::chrono::duration<double, std::nano> spent = Clock::now() - start;
    const auto steps = static_cast<double>(work.steps_done() - steps_before);
    const double drawn_ns = runs * rate.call_ns + steps / rate.steps_per_ns;
    relative_times.push_back(spent.count() /
                             (jitter == Jitter::none ? runs * amount_ns : drawn_ns));
  }
  return median(relative_times);
}

/// All threads of the team at once; the median over threads.
double relative_time(Team& team, double amount_ns, Jitter jitter, const WorkRate& rate) {
  std::vector<double> relative_times(team.size());
  team.run([&](std::uint32_t index) {
    WorkSource work{amount_ns, jitter, rate, Random{index}};
    relative_times[index] = relative_time(work, amount_ns, jitter, rate);
  });
  return median(relative_times);
}

/// Whether 1 µs is right.
bool report(Team& team) {
  const auto start = Clock::now();
  const auto calibration = calibrate(team);
  const std::chrono::duration<double, std::milli> spent = Clock::now() - start;
  fmt::print(
      "{} thread{}: {:.4f} steps/ns, {:.1f} ns a call, check {:+.2f} %, worst {:+.2f} %, "
      "calibrated in {:.1f} ms\n",
      team.size(), team.size() == 1 ? "" : "s", calibration.rate.steps_per_ns,
      calibration.rate.call_ns, 100 * calibration.check_error, 100 * calibration.worst_check_error,
      spent.count());
  bool right = true;
  for (const auto jitter : {Jitter::none, Jitter::exponential}) {
    for (const double amount_ns : {50.0, 100.0, 200.0, 500.0, 1e3, 1e4, 1e5}) {
      const double error = relative_time(team, amount_ns, jitter, calibration.rate) - 1;
      fmt::print("  {:<11}  {:>8.0f} ns  measured {:>10.1f} ns  {:+6.2f} %\n", to_string(jitter),
                 amount_ns, amount_ns * (1 + error), 100 * error);
      if (amount_ns == 1e3) right &= std::fabs(error) <= 0.05;
    }
  }
  return right;
}

Team team_on(const Topology& topology, std::uint32_t threads) {
  return {threads, placement(topology, Pinning::compact, threads)};
}

}  // namespace

int main() {
  const auto topology = read_topology();
  Team one = team_on(topology, 1);
  bool right = report(one);
  Team all = team_on(topology, static_cast<std::uint32_t>(topology.cpus.size()));
  right &= report(all);
  return right ? 0 : 1;
}
