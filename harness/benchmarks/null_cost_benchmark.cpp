/// What does the harness take of an operation? CPU time an operation of `mixed` on `null`, which does
/// nothing, at several read ratios and with one thread, as the median over windows in random order.
///
/// Exits 1 when it is more than 5 ns at any ratio. On a machine that others use, or a slow one, run it
/// again or read the ratios beside each other.

#include <fmt/format.h>

#include <array>
#include <vector>

#include "harness/base/random.hpp"
#include "harness/engine/window.hpp"
#include "harness/machine/facts/topology.hpp"
#include "harness/metrics/statistics.hpp"
#include "harness/workloads/mixed.hpp"
#include "strategies/null.hpp"

namespace {

using namespace lockbench;

constexpr std::array read_ratios{0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0};
constexpr int windows_a_ratio = 60;
constexpr double most_ns = 5;

double null_ns(Team& team, double read_ratio, std::uint64_t seed) {
  WindowSpec spec;
  spec.point.threads = team.size();
  spec.point.read_ratio = read_ratio;
  spec.seed = seed;
  const auto measured = run_window<Mixed, NullTaskQueue>(team, spec).measurement;
  return 1e9 * measured.cpu_s / static_cast<double>(measured.tally.operations());
}

}  // namespace

int main() {
  Team team(1, placement(read_topology(), Pinning::compact, 1));
  Random random{1};
  std::array<std::vector<double>, read_ratios.size()> costs_ns;
  for (std::size_t i = 0; i < windows_a_ratio * read_ratios.size(); ++i) {
    const auto ratio = random.below(read_ratios.size());
    costs_ns[ratio].push_back(null_ns(team, read_ratios[ratio], random.next()));
  }
  bool cheap = true;
  for (std::size_t i = 0; i < read_ratios.size(); ++i) {
    const double ns = median(costs_ns[i]);
    fmt::print("read ratio {:<4}  {:.2f} ns\n", read_ratios[i], ns);
    cheap &= ns <= most_ns;
  }
  return cheap ? 0 : 1;
}
