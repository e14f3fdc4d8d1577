/// Does an operation cost the same late in a window as early? Windows of `mutex` that begin 3 ms after
/// the start alternate with windows that begin twenty window lengths later, on one team. Of a stationary
/// workload the ratio of the costs is 1. The cost is CPU time, so that a thread that loses its CPU to
/// another program does not count.
///
/// Prints the ratio of each workload with its 95 % interval. Exits 1 when an estimate is off by more
/// than 3 % and its interval excludes 1.

#include <fmt/format.h>

#include <cmath>
#include <cstddef>
#include <vector>

#include "harness/engine/window.hpp"
#include "harness/machine/facts/topology.hpp"
#include "harness/metrics/statistics.hpp"
#include "harness/workloads/workloads.hpp"
#include "strategies/mutex.hpp"

namespace lockbench {
namespace {

constexpr std::size_t pairs = 24;
constexpr double most_change = 0.03;

WindowSpec spec_of(const WorkloadInfo& workload) {
  WindowSpec spec;
  auto& point = spec.point;
  point.workload = workload.name;
  point.threads = workload.least_threads;
  point.read_ratio = 0;
  if (workload.has_roles()) point.producers = point.consumers = 1;
  if (!workload.uses.contains("prefill")) point.prefill = 0;
  if (workload.uses.contains("burst")) point.burst = 64;
  if (workload.uses.contains("cancel_ratio")) point.cancel_ratio = 0.5;
  return spec;
}

/// Returns true if the workload is stationary, as far as can be told.
template <class W>
bool judge(const Topology& topology, PriorityOrder order) {
  auto spec = spec_of(W::info);
  spec.point.priority_order = order;
  Team team(spec.point.threads, placement(topology, Pinning::compact, spec.point.threads));
  const auto cost = [&](double begin_s) {
    spec.warm_up_s = begin_s;
    ++spec.seed;
    const auto measurement = run_window<W, MutexTaskQueue>(team, spec).measurement;
    return measurement.cpu_s / static_cast<double>(measurement.tally.operations());
  };
  const double early_s = spec.warm_up_s;
  const double late_s = early_s + 20 * spec.window_s;
  std::vector<double> differences;
  while (differences.size() < pairs) {
    // Alternating which comes first cancels what drifts within a pair.
    const bool late_first = differences.size() % 2 == 0;
    const double first = cost(late_first ? late_s : early_s);
    const double second = cost(late_first ? early_s : late_s);
    const double difference = std::log(late_first ? first / second : second / first);
    // A thread that had no CPU for a whole window has done nothing in it.
    if (std::isfinite(difference)) differences.push_back(difference);
  }
  const auto estimate = paired_difference(differences);
  const double ratio = std::exp(estimate.value);
  const double low = std::exp(estimate.interval->low);
  const double high = std::exp(estimate.interval->high);
  const auto name = W::info.uses.contains("priority_order")
                        ? fmt::format("{}, {}", W::info.name, to_string(order))
                        : std::string(W::info.name);
  fmt::print("{:<20} cost late / early: {:.3f} [{:.3f}, {:.3f}]\n", name, ratio, low, high);
  return std::fabs(ratio - 1) <= most_change || (low <= 1 && 1 <= high);
}

template <class W>
bool judge_all_orders(const Topology& topology) {
  bool stationary = true;
  if constexpr (W::template supports<MutexTaskQueue>) {
    for (const auto order : all_values<PriorityOrder>) {
      if (order != PriorityOrder::uniform && !W::info.uses.contains("priority_order")) continue;
      stationary &= judge<W>(topology, order);
    }
  }
  return stationary;
}

template <class... Ws>
bool judge_all(const Topology& topology, WorkloadList<Ws...> /*list*/) {
  bool stationary = true;
  ((stationary &= judge_all_orders<Ws>(topology)), ...);
  return stationary;
}

}  // namespace
}  // namespace lockbench

int main() {
  using namespace lockbench;
  return judge_all(read_topology(), Workloads{}) ? 0 : 1;
}
