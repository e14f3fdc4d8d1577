#include "harness/plan/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "harness/engine/random.hpp"
#include "harness/errors.hpp"
#include "harness/workloads/names.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {
namespace {

constexpr double shortest_window_s = 0.015;
constexpr double scheduling_slice_s = 0.004;
constexpr double rounds_when_oversubscribed = 4;
constexpr double shortest_warm_up_s = 0.003;

/// What a process costs besides its windows: start-up and planning of the team.
constexpr double process_overhead_s = 0.015;
/// What a window costs besides itself: building, filling, emptying the queue, and the probes.
constexpr double window_overhead_s = 0.0012;

constexpr std::string_view baseline = "null";

std::vector<Label> labels_of(const std::vector<std::string>& strategies) {
  std::vector<Label> labels;
  for (const auto& strategy : strategies) labels.push_back({strategy, false});
  const auto measured = std::find_if(strategies.begin(), strategies.end(),
                                     [](const auto& strategy) { return strategy != baseline; });
  if (measured != strategies.end()) labels.push_back({*measured, true});
  if (std::find(strategies.begin(), strategies.end(), baseline) == strategies.end()) {
    labels.push_back({std::string(baseline), false});
  }
  return labels;
}

/// The sizes of teams of one workload: threads, or producers and consumers.
std::vector<CaseParameters> teams_of(const Request& request, const std::string& workload) {
  std::vector<CaseParameters> points;
  CaseParameters point;
  point.workload = workload;
  if (!workload_named(workload).has_roles) {
    const std::vector<double> no_reads{0};
    for (const auto threads : request.threads) {
      point.threads = threads;
      for (const double read_ratio :
           workload_named(workload).reads_statuses ? request.read_ratios : no_reads) {
        point.read_ratio = read_ratio;
        points.push_back(point);
      }
    }
    return points;
  }
  point.read_ratio = 0;
  const auto add = [&](std::uint32_t producers, std::uint32_t consumers) {
    point.producers = producers;
    point.consumers = consumers;
    point.threads = producers + consumers;
    if (std::find(points.begin(), points.end(), point) == points.end()) points.push_back(point);
  };
  if (request.producers.empty() && request.consumers.empty()) {
    for (const auto threads : request.threads) {
      const std::uint32_t producers = std::max(1U, threads / 2);
      add(producers, std::max(1U, threads - std::min(threads, producers)));
    }
    return points;
  }
  const std::vector<std::uint32_t> one{1};
  for (const auto producers : request.producers.empty() ? one : request.producers) {
    for (const auto consumers : request.consumers.empty() ? one : request.consumers) {
      add(producers, consumers);
    }
  }
  return points;
}

/// Every combination of the points so far with one more list of values.
template <class Value>
void multiply(std::vector<CaseParameters>& points, Value CaseParameters::*field,
              const std::vector<Value>& values) {
  std::vector<CaseParameters> product;
  for (const auto& point : points) {
    for (const auto& value : values) {
      product.push_back(point);
      product.back().*field = value;
    }
  }
  points = std::move(product);
}

/// A producer and a consumer that share one CPU.
CaseParameters same_cpu_point() {
  CaseParameters point;
  point.workload = "producer_consumer";
  point.threads = 2;
  point.producers = 1;
  point.consumers = 1;
  point.read_ratio = 0;
  point.pinning = Pinning::same_cpu;
  return point;
}

void check(const CaseParameters& point) {
  const auto capacity = effective_capacity(point);
  if (capacity > QueueLimits::max_capacity) {
    throw usage_error(
        fmt::format("a queue for prefill {} and {} threads needs a capacity of {}; "
                    "at most {} is possible",
                    point.prefill, point.threads, capacity, QueueLimits::max_capacity));
  }
  constexpr std::uint64_t most_payload = std::uint64_t{1} << 32U;
  const std::uint64_t payload = std::uint64_t{capacity} * point.payload_bytes;
  if (payload > most_payload) {
    throw usage_error(
        fmt::format("payloads of {} bytes for a capacity of {} need {} MiB; at most {} "
                    "MiB are allowed",
                    point.payload_bytes, capacity, payload >> 20U, most_payload >> 20U));
  }
  const std::uint64_t needed =
      std::uint64_t{point.prefill} + standing_tasks_of(point) + std::uint64_t{2} * point.threads;
  if (needed > capacity) {
    throw usage_error(
        fmt::format("--capacity {} leaves no room for prefill {} and {} threads; "
                    "at least {} is needed",
                    capacity, point.prefill, point.threads, needed));
  }
}

Block block_of(const CaseParameters& point, const Request& request, double usable_cpus) {
  check(point);
  Block block{.point = point, .labels = labels_of(request.strategies)};
  const double cpus = point.pinning == Pinning::same_cpu ? 1 : usable_cpus;
  block.oversubscribed = point.threads > cpus;
  const double round_s = scheduling_slice_s * static_cast<double>(point.threads) / cpus;
  // Oversubscribed, a window must see every thread have several turns.
  const double least_s = block.oversubscribed ? rounds_when_oversubscribed * round_s : 0;
  block.window_s = request.window_s.value_or(std::max(shortest_window_s, least_s));
  block.warm_up_s = request.warm_up_s.value_or(
      block.oversubscribed ? std::max(shortest_warm_up_s, round_s) : shortest_warm_up_s);
  return block;
}

std::uint64_t seed_of(std::uint64_t run_seed, std::uint32_t block, std::uint32_t process) {
  return mixed_bits(run_seed ^ mixed_bits((std::uint64_t{block} << 32U) | process));
}

}  // namespace

Plan make_plan(const Request& request, double usable_cpus) {
  std::vector<CaseParameters> points;
  for (const auto& workload : request.workloads) {
    const auto teams = teams_of(request, workload);
    points.insert(points.end(), teams.begin(), teams.end());
  }
  multiply(points, &CaseParameters::priorities, request.priorities);
  multiply(points, &CaseParameters::prefill, request.prefills);
  multiply(points, &CaseParameters::payload_bytes, request.payload_bytes);
  multiply(points, &CaseParameters::pinning, request.pinnings);

  if (request.same_cpu_point) points.push_back(same_cpu_point());

  Plan plan{.windows = request.windows, .watchdog_s = request.watchdog_s};
  for (auto& point : points) {
    point.capacity = request.capacity;
    plan.blocks.push_back(block_of(point, request, usable_cpus));
  }
  // Replicates are complete rounds in one random order each, so that an interrupted run has
  // measured every block about equally often, and a slow drift meets all blocks alike.
  std::mt19937_64 shuffler(request.seed);
  for (std::uint32_t process = 0; process < request.processes; ++process) {
    const auto round = static_cast<std::ptrdiff_t>(plan.order.size());
    for (std::uint32_t block = 0; block < plan.blocks.size(); ++block) {
      plan.order.push_back({block, process, seed_of(request.seed, block, process)});
    }
    std::shuffle(plan.order.begin() + round, plan.order.end(), shuffler);
  }
  return plan;
}

double Plan::measured_s() const {
  double total = 0;
  for (const auto& run : order) {
    const auto& block = blocks[run.block];
    total +=
        windows * static_cast<double>(block.labels.size()) * (block.window_s + block.warm_up_s);
  }
  return total;
}

double Plan::predicted_s() const {
  double total = measured_s();
  for (const auto& run : order) {
    total += process_overhead_s +
             windows * static_cast<double>(blocks[run.block].labels.size()) * window_overhead_s;
  }
  return total;
}

std::string case_id(const Label& label, const CaseParameters& point) {
  return fmt::format("{}/{}{}", label.strategy, point_id(point), label.twin ? "@twin" : "");
}

}  // namespace lockbench
