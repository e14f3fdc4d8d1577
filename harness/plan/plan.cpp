#include "harness/plan/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <set>

#include "harness/base/errors.hpp"
#include "harness/base/exact_integer.hpp"
#include "harness/base/field_text.hpp"
#include "harness/base/random.hpp"
#include "harness/engine/hold_model.hpp"
#include "harness/plan/catalogue.hpp"
#include "harness/plan/sampling.hpp"
#include "harness/workloads/catalogue.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {
namespace {

constexpr double shortest_window_s = 0.015;
constexpr double scheduling_slice_s = 0.004;
constexpr double rounds_when_oversubscribed = 4;
constexpr double shortest_warm_up_s = 0.003;

/// A process takes this long besides its windows: it starts up and plans its team.
constexpr double process_overhead_s = 0.015;
/// A window takes this long besides itself: the queue is built, filled and emptied, and probes run.
constexpr double window_overhead_s = 0.0012;

/// Share of a window's length that suffices to know a closed loop's rate well.
constexpr double capacity_share = 0.25;

/// Windows of `handoff` hold room for this many idle times, so that there are hand-overs to time and
/// an idle thread does not pass for a stalled one.
constexpr double idle_times_in_window = 50;

/// Intervals narrow with the square root of the processes, so ten times as many make them about a
/// third as wide.
constexpr double budget_in_plans = 10;

constexpr std::string_view harness_alone = "null";

bool contains(const auto& values, const auto& value) {
  return std::ranges::find(values, value) != values.end();
}

/// Returns the strategies of the request that can do the workload.
std::vector<std::string> able(const std::vector<std::string>& strategies,
                              const WorkloadInfo& workload) {
  if (workload.only_tag.empty()) return strategies;
  std::vector<std::string> able;
  for (const auto& traits : strategy_catalogue()) {
    if (contains(traits.tags, workload.only_tag) && contains(strategies, traits.name)) {
      able.emplace_back(traits.name);
    }
  }
  if (!able.empty()) return able;
  throw usage_error(
      fmt::format("the workload {} is only for strategies of the tag '{}'; add one by "
                  "--strategy {}",
                  workload.name, workload.only_tag, workload.only_tag));
}

/// Returns the first registered strategy that can do the workload. It is measured in every block that
/// measures any strategy, under two labels: the second is its twin.
std::string baseline_of(const WorkloadInfo& workload) {
  const auto catalogue = strategy_catalogue();
  const auto first = std::ranges::find_if(catalogue, [&](const StrategyTraits& traits) {
    return workload.only_tag.empty() || contains(traits.tags, workload.only_tag);
  });
  return std::string(first->name);
}

std::vector<Label> labels_of(const Request& request, const WorkloadInfo& workload) {
  auto strategies = able(request.strategies, workload);
  const auto baseline = baseline_of(workload);
  const bool any_measured = std::ranges::any_of(
      strategies, [](const auto& strategy) { return strategy != harness_alone; });
  if (any_measured && !contains(strategies, baseline)) {
    strategies.insert(strategies.begin(), baseline);
  }
  std::vector<Label> labels;
  for (const auto& strategy : strategies) labels.push_back({strategy, false});
  if (any_measured) labels.push_back({baseline, true});
  if (!contains(strategies, harness_alone) && workload.only_tag.empty()) {
    labels.push_back({std::string(harness_alone), false});
  }
  return labels;
}

/// Returns the point that all others of a workload start from: parameters that the workload does
/// not use have empty values.
CaseParameters blank_point(const WorkloadInfo& workload) {
  CaseParameters point;
  for_each_parameter([&](const auto& parameter) {
    if (!workload.uses.contains(parameter.name)) point.*parameter.field = {};
  });
  point.workload = workload.name;
  return point;
}

/// Returns a point for each team size of a workload: threads, or producers and consumers.
std::vector<CaseParameters> teams_of(const Request& request, const WorkloadInfo& workload) {
  std::vector<CaseParameters> teams;
  auto add = [&, team = blank_point(workload)](std::uint32_t producers, std::uint32_t consumers,
                                               std::uint32_t others = 0) mutable {
    team.producers = producers;
    team.consumers = consumers;
    team.threads = producers + consumers + others;
    if (!contains(teams, team)) teams.push_back(team);
  };
  const std::vector<std::uint32_t> one{1};
  if (!workload.has_roles()) {
    for (const auto threads : request.threads) add(0, 0, std::max(threads, workload.least_threads));
  } else if (request.producers.empty() && request.consumers.empty()) {
    for (const auto threads : request.threads) {
      const std::uint32_t producers = std::max(1U, threads / 2);
      add(producers, std::max(1U, threads - std::min(threads, producers)));
    }
  } else {
    for (const auto producers : request.producers.empty() ? one : request.producers) {
      for (const auto consumers : request.consumers.empty() ? one : request.consumers) {
        add(producers, consumers);
      }
    }
  }
  return teams;
}

constexpr auto team_parameters =
    ParameterSet{}.with("workload", "threads", "producers", "consumers");

/// Returns the points of one workload: each team with every combination of the other parameters
/// that the workload uses.
std::vector<CaseParameters> points_of(const Request& request, const WorkloadInfo& workload) {
  auto points = teams_of(request, workload);
  for_each_parameter([&](const auto& parameter) {
    if (team_parameters.contains(parameter.name) || !workload.uses.contains(parameter.name)) return;
    std::vector<CaseParameters> product;
    for (const auto& point : points) {
      for (const auto& value : request.*parameter.list) {
        product.push_back(point);
        product.back().*parameter.field = value;
      }
    }
    points = std::move(product);
  });
  for (auto& point : points) {  // no work has no spread
    if (point.critical_section_ns == 0) point.critical_section_jitter = Jitter::none;
    if (point.think_ns == 0) point.think_jitter = Jitter::none;
    if (point.work_ns == 0) point.work_jitter = Jitter::none;
  }
  return points;
}

/// Places all threads on one CPU; on the first of the CPUs listed, where the user listed some.
Pinning same_cpu_of(const Request& request) {
  const auto& asked = request.pinning.front();
  return asked.cpus().empty() ? Pinning(Pinning::same_cpu) : Pinning::on({asked.cpus().front()});
}

/// Returns a point with one producer and one consumer.
CaseParameters pair_point(std::string_view workload, const Request& request,
                          const Pinning& pinning) {
  auto point = blank_point(workload_named(workload));
  point.threads = 2;
  point.producers = 1;
  point.consumers = 1;
  point.capacity = request.capacity.front();
  point.pinning = pinning;
  return point;
}

/// Returns such a point of `handoff` for each idle time.
std::vector<CaseParameters> handoff_points(const Request& request, const Pinning& pinning) {
  std::vector<CaseParameters> points;
  for (const auto idle_ns : request.idle_ns) {
    points.push_back(pair_point("handoff", request, pinning));
    points.back().idle_ns = idle_ns;
  }
  return points;
}

/// Returns the points on one CPU that are measured without being asked for, each at most once: what
/// waking a thread costs is to be read beside what it costs on the same CPU.
std::vector<CaseParameters> same_cpu_points(const Request& request) {
  const auto same_cpu = same_cpu_of(request);
  auto points = handoff_points(request, same_cpu);
  if (!request.same_cpu_point) {
    return contains(request.workload, "handoff") ? points : std::vector<CaseParameters>{};
  }
  const auto on_two_cpus = handoff_points(request, request.pinning.front());
  points.insert(points.begin(), on_two_cpus.begin(), on_two_cpus.end());
  points.insert(points.begin(), pair_point("producer_consumer", request, same_cpu));
  return points;
}

void check(const CaseParameters& point, const WorkloadInfo& workload) {
  const auto capacity = effective_capacity(point, workload);
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
  constexpr std::uint32_t due_time_bytes = 8;
  if (workload.is_open_loop() && point.payload_bytes < due_time_bytes) {
    throw usage_error(
        fmt::format("--payload {} leaves no room for the intended arrival that tasks of open_loop "
                    "carry; at least {} is needed",
                    point.payload_bytes, due_time_bytes));
  }
  const std::uint64_t needed = std::uint64_t{point.prefill} + standing_tasks_of(point, workload) +
                               std::uint64_t{2} * point.threads;
  if (needed > capacity) {
    throw usage_error(
        fmt::format("--capacity {} leaves no room for prefill {} and {} threads; "
                    "at least {} is needed",
                    capacity, point.prefill, point.threads, needed));
  }
}

/// Refuses a window at whose end priorities might have gone through all of int.
void check_priorities(const Block& block, const WorkloadInfo& workload) {
  const auto& point = block.point;
  const double longest_s = longest_window_s(point, workload);
  if (block.warm_up_s + std::max(block.window_s, block.capacity_window_s) <= longest_s) return;
  std::string cause = fmt::format("--priority-order {}", to_string(point.priority_order));
  std::string others;
  if (point.priority_order == PriorityOrder::uniform) {
    cause = fmt::format("--priorities {}", point.priorities);
    others = ", or lower --priorities";
  }
  if (point.priority_order == PriorityOrder::uniform && workload.uses.contains("prefill") &&
      !workload.has_roles()) {
    cause += fmt::format(" and --prefill {}", point.prefill);
    others += " or raise --prefill";
  }
  throw usage_error(
      fmt::format("priorities could leave the range of int within a window of {:g} s and a warm-up "
                  "of {:g} s of {}: with {} they move by {:g} levels a task; shorten --window or "
                  "--warm-up to {:.2g} s together{}",
                  block.window_s, block.warm_up_s, workload.name, cause,
                  levels_per_task(point, workload), longest_s, others));
}

/// Returns the number of CPUs that the team can be on at once; the quota may grant less than one
/// CPU of each.
double cpus_within_reach(const CaseParameters& point, double usable_cpus) {
  if (point.pinning.rule() == Pinning::same_cpu) return std::min(1.0, usable_cpus);
  if (point.pinning.rule() != Pinning::listed) return usable_cpus;
  // A list may hold more CPUs than the team has threads, or one CPU several times.
  const auto& listed = point.pinning.cpus();
  const std::set<std::uint32_t> taken(
      listed.begin(), listed.begin() + static_cast<std::ptrdiff_t>(
                                           std::min<std::size_t>(listed.size(), point.threads)));
  return std::min(static_cast<double>(taken.size()), usable_cpus);
}

Block block_of(const CaseParameters& point, const Request& request, double usable_cpus) {
  const auto workload = workload_named(point.workload);
  check(point, workload);
  Block block{.id = point_id(point), .point = point, .labels = labels_of(request, workload)};
  const double cpus = cpus_within_reach(point, usable_cpus);
  block.oversubscribed = point.threads > cpus;
  const double round_s = scheduling_slice_s * static_cast<double>(point.threads) / cpus;
  // In an oversubscribed window every thread must have several turns.
  const double least_s = block.oversubscribed ? rounds_when_oversubscribed * round_s : 0;
  block.window_s = request.window_s.value_or(
      std::max({shortest_window_s, least_s, workload.least_window_s,
                idle_times_in_window * 1e-9 * static_cast<double>(point.idle_ns)}));
  block.warm_up_s = request.warm_up_s.value_or(
      block.oversubscribed ? std::max(shortest_warm_up_s, round_s) : shortest_warm_up_s);
  block.sample_every =
      request.sample_every.value_or(sample_every_for(point, request.processes * block.window_s));
  if (workload.is_open_loop()) {
    block.capacity_window_s = std::max(shortest_window_s, capacity_share * block.window_s);
  }
  check_priorities(block, workload);
  return block;
}

std::uint64_t seed_of(std::uint64_t run_seed, std::uint32_t block, std::uint32_t process) {
  return recordable_seed(
      mixed_bits(run_seed ^ mixed_bits((std::uint64_t{block} << 32U) | process)));
}

}  // namespace

Plan make_plan(const Request& request, double usable_cpus) {
  std::vector<CaseParameters> points;
  for (const auto& workload : request.workload) {
    const auto of_workload = points_of(request, workload_named(workload));
    points.insert(points.end(), of_workload.begin(), of_workload.end());
  }
  for (const auto& point : same_cpu_points(request)) {
    if (!contains(points, point)) points.push_back(point);
  }

  Plan plan{.windows = request.windows,
            .watchdog_s = request.watchdog_s,
            .per_thread = request.per_thread,
            .layouts = request.layouts.value_or(0),
            .seed = request.seed,
            .precision = request.precision};
  for (const auto& point : points) plan.blocks.push_back(block_of(point, request, usable_cpus));
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
  if (plan.precision) {
    plan.budget_s = request.budget_s.value_or(budget_in_plans * plan.predicted_s());
  }
  return plan;
}

std::uint32_t layout_of(const Plan& plan, const ProcessRun& run) {
  if (plan.layouts == 0) return 0;
  std::vector<std::uint32_t> order(plan.layouts);
  std::iota(order.begin(), order.end(), 1U);
  const std::uint32_t repetition = run.process / plan.layouts;
  std::mt19937_64 shuffler(seed_of(~plan.seed, run.block, repetition));
  std::ranges::shuffle(order, shuffler);
  return order[run.process % plan.layouts];
}

std::vector<ProcessRun> further_round(
    const Plan& plan, const std::map<std::uint32_t, std::uint32_t>& next_processes) {
  std::vector<ProcessRun> round;
  std::uint64_t shuffler_seed = plan.seed;
  for (const auto& [block, process] : next_processes) {
    round.push_back({block, process, seed_of(plan.seed, block, process)});
    shuffler_seed = seed_of(shuffler_seed, block, process);
  }
  std::mt19937_64 shuffler(shuffler_seed);
  std::ranges::shuffle(round, shuffler);
  return round;
}

double Plan::measured_s() const {
  double total = 0;
  for (const auto& run : order) total += blocks[run.block].measured_s(windows);
  return total;
}

double Plan::predicted_s() const {
  double total = measured_s();
  for (const auto& run : order) {
    const auto& block = blocks[run.block];
    total += process_overhead_s + block.windows_of_label(windows) *
                                      static_cast<double>(block.labels.size()) * window_overhead_s;
  }
  return total;
}

std::string point_id(const CaseParameters& point) {
  const auto workload = workload_named(point.workload);
  std::string id = point.workload;
  if (point.producers + point.consumers > 0) {
    id += fmt::format("/producers:{}/consumers:{}", point.producers, point.consumers);
  } else {
    id += fmt::format("/threads:{}", point.threads);
  }
  for_each_parameter([&](const auto& parameter) {
    if (team_parameters.contains(parameter.name) || !workload.uses.contains(parameter.name)) return;
    const auto& value = point.*parameter.field;
    if (value == CaseParameters{}.*parameter.field && !parameter.always_in_ids) return;
    id += fmt::format("/{}:{}", parameter.name_in_ids, field::write(value));
  });
  return id;
}

}  // namespace lockbench
