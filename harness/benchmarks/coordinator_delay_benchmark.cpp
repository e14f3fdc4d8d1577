/// Does a coordinator that is late with its flags change a reported throughput? Windows with and
/// without a planted delay of 5 ms between the coordinator's decision and its flag alternate on one
/// team; the ratio of each pair must be 1 to within 2 %. A harness that divided by the nominal
/// window would report a third more.
///
/// Prints the ratio with its 95 % interval. Exits 1 when the estimate is off by more than 2 %.

#include <fmt/format.h>

#include <cmath>
#include <vector>

#include "harness/engine/window.hpp"
#include "harness/machine/facts/topology.hpp"
#include "harness/metrics/statistics.hpp"
#include "harness/workloads/mixed.hpp"
#include "strategies/mutex.hpp"

int main() {
  using namespace lockbench;
  constexpr int pairs = 300;
  constexpr double delay_s = 0.005;
  constexpr double most_change = 0.02;

  WindowSpec spec;
  spec.point.threads = 1;
  Team team(spec.point.threads, placement(read_topology(), Pinning::compact, spec.point.threads));
  const auto throughput = [&](double planted_s) {
    spec.coordinator_delay_s = planted_s;
    ++spec.seed;
    return run_window<Mixed, MutexTaskQueue>(team, spec).measurement.throughput_ops_s;
  };

  std::vector<double> differences;
  for (int pair = 0; pair < pairs; ++pair) {
    // Alternating which comes first cancels what drifts within a pair.
    const bool late_first = pair % 2 == 0;
    const double first = throughput(late_first ? delay_s : 0);
    const double second = throughput(late_first ? 0 : delay_s);
    differences.push_back(std::log(late_first ? first / second : second / first));
  }
  const auto estimate = paired_difference(differences);
  const double ratio = std::exp(estimate.value);
  fmt::print("throughput with a late coordinator / without: {:.4f} [{:.4f}, {:.4f}], {} pairs\n",
             ratio, std::exp(estimate.interval->low), std::exp(estimate.interval->high), pairs);
  return std::fabs(ratio - 1) <= most_change ? 0 : 1;
}
