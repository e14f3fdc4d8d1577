/// Does the engine measure what a loop written by hand does? Windows of `raw_fifo` with one producer
/// and one consumer, on the queues of both lock-free packages, against windows of a reference that
/// shares no code with the engine (harness/tests/workloads/raw_fifo_reference.hpp): the same lengths, CPUs,
/// bound on what is in flight and pause after a refusal. In pairs and in random order in one process,
/// since two processes on one machine differ by more than what is asked here.
///
/// Prints the ratio of throughputs, engine / reference, with its 95 % interval. Exits 1 when a ratio
/// is off by more than 15 %, or a queue did not do what it should, 5 where there is one CPU only.

#include <fmt/format.h>

#include <cmath>
#include <string_view>
#include <vector>

#include "harness/base/random.hpp"
#include "harness/engine/window.hpp"
#include "harness/machine/facts/topology.hpp"
#include "harness/metrics/statistics.hpp"
#include "harness/tests/workloads/raw_fifo_reference.hpp"
#include "harness/workloads/raw_fifo.hpp"
#include "strategies/boost_lockfree.hpp"
#include "strategies/moodycamel.hpp"

namespace {

using namespace lockbench;

constexpr int pairs = 200;
constexpr double most_difference = 0.15;

WindowSpec one_producer_one_consumer() {
  WindowSpec spec;
  spec.point.workload = RawFifo::info.name;
  spec.point.threads = 2;
  spec.point.producers = spec.point.consumers = 1;
  spec.point.prefill = 0;
  return spec;
}

/// What the engine is asked for, and the reference likewise.
class Pair {
public:
  explicit Pair(const std::vector<int>& cpus)
      : team_(2, cpus),
        setup_{.producer_cpu = cpus[0],
               .consumer_cpu = cpus[1],
               .warm_up_s = spec_.warm_up_s,
               .window_s = spec_.window_s,
               .capacity = effective_capacity(spec_.point, RawFifo::info),
               .most_in_flight = effective_capacity(spec_.point, RawFifo::info) / 2} {}

  /// Prints the ratio; whether it is near enough to 1 and all queues were sound.
  template <TaskQueue Q>
  bool report(raw_fifo_reference::Outcome (*reference)(const raw_fifo_reference::Setup&)) {
    sound_ = true;
    std::vector<double> log_ratios;
    std::vector<double> references;
    for (int pair = 0; pair < pairs; ++pair) {
      const bool engine_first = coin_.below(2) == 0;
      double by_engine = engine_first ? engine_rate<Q>() : 0.0;
      const double by_hand = reference_rate(reference);
      if (!engine_first) by_engine = engine_rate<Q>();
      log_ratios.push_back(std::log(by_engine / by_hand));
      references.push_back(by_hand);
    }
    const auto [log_ratio, interval] = paired_difference(log_ratios);
    const double ratio = std::exp(log_ratio);
    fmt::print(
        "{:<15} engine / reference: {:.4f} [{:.4f}, {:.4f}], {} pairs, reference {:.1f} Mop/s\n",
        Q::traits.name, ratio, std::exp(interval->low), std::exp(interval->high), pairs,
        median(references) / 1e6);
    if (!sound_) fmt::print("{:<15} a queue lost, repeated or reordered values\n", Q::traits.name);
    return sound_ && std::fabs(ratio - 1) <= most_difference;
  }

private:
  template <TaskQueue Q>
  double engine_rate() {
    ++spec_.seed;
    const auto outcome = run_window<RawFifo, Q>(team_, spec_);
    sound_ &= !outcome.violations.any();
    return outcome.measurement.throughput_ops_s;
  }
  double reference_rate(raw_fifo_reference::Outcome (*run)(const raw_fifo_reference::Setup&)) {
    const auto outcome = run(setup_);
    sound_ &= outcome.in_order;
    return outcome.operations_s;
  }

  WindowSpec spec_ = one_producer_one_consumer();
  Team team_;
  raw_fifo_reference::Setup setup_;
  Random coin_{1};
  bool sound_ = true;
};

}  // namespace

int main() {
  const auto topology = read_topology();
  if (topology.cpus.size() < 2) {
    fmt::print("needs two CPUs: one for the producer, one for the consumer\n");
    return 5;
  }
  Pair pair(placement(topology, Pinning::compact, 2));
  bool agree = pair.report<BoostLockfreeTaskQueue>(&raw_fifo_reference::run_boost_lockfree);
  agree &= pair.report<MoodycamelTaskQueue>(&raw_fifo_reference::run_moodycamel);
  return agree ? 0 : 1;
}
