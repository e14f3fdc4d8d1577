/// The engine on real threads: what a window counts, what it verifies, and what must not matter.

#include "harness/engine/window.hpp"

#include <gtest/gtest.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <type_traits>

#include "harness/base/errors.hpp"
#include "harness/engine/regime_probe.hpp"
#include "harness/machine/facts/topology.hpp"
#include "harness/metrics/flags.hpp"
#include "harness/workloads/workloads.hpp"
#include "strategies/condvar.hpp"
#include "strategies/moodycamel.hpp"
#include "strategies/mutex.hpp"
#include "strategies/null.hpp"
#include "strategies/unsafe.hpp"

namespace lockbench {
namespace {

WindowSpec spec_for(std::uint32_t threads, double read_ratio = 0.5) {
  WindowSpec spec;
  spec.point.threads = threads;
  spec.point.read_ratio = read_ratio;
  spec.point.prefill = 100;
  return spec;
}

TEST(Team, runs_a_job_once_on_every_thread_and_again) {
  Team team(3, {});
  for (int round = 0; round < 100; ++round) {
    std::array<std::atomic<int>, 3> runs{};
    team.run([&](std::uint32_t index) { ++runs.at(index); });
    for (const auto& count : runs) EXPECT_EQ(count, 1);
  }
}

TEST(Team, pins_its_threads_in_turn) {
  const int cpu = sched_getcpu();
  Team team(2, {cpu});
  team.run([&](std::uint32_t) { EXPECT_EQ(sched_getcpu(), cpu); });
}

TEST(Team, has_each_thread_on_the_cpu_that_its_placement_names) {
  const Topology topology = read_topology();
  if (topology.cpus.size() < 2) GTEST_SKIP() << "one usable CPU only";
  const auto one = static_cast<std::uint32_t>(topology.cpus.front().os_index);
  const auto other = static_cast<std::uint32_t>(topology.cpus.back().os_index);
  for (const Pinning& pinning :
       {Pinning(Pinning::compact), Pinning(Pinning::scatter), Pinning(Pinning::same_cpu),
        Pinning(Pinning::smt_pairs), Pinning(Pinning::per_node), Pinning::on({other, one})}) {
    const auto cpus = placement(topology, pinning, 3);
    Team team(3, cpus);
    team.run([&](std::uint32_t index) {
      EXPECT_EQ(sched_getcpu(), cpus[index % cpus.size()]) << to_string(pinning) << " " << index;
    });
  }
}

TEST(Team, says_which_cpu_it_cannot_use) {
  try {
    const Team team(1, {100000});
    FAIL() << "pinned";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("CPU 100000"), std::string::npos);
  }
}

template <class W>
class EveryWorkload : public testing::Test {};
template <class... Ws>
testing::Types<Ws...> types_of(WorkloadList<Ws...>);
using EveryWorkloadType = decltype(types_of(Workloads{}));
TYPED_TEST_SUITE(EveryWorkload, EveryWorkloadType);

TYPED_TEST(EveryWorkload, counts_operations_and_finds_a_correct_queue_correct) {
  // raw_fifo is for strategies that are built on a package.
  using Queue = std::conditional_t<TypeParam::template supports<CondvarTaskQueue>, CondvarTaskQueue,
                                   MoodycamelTaskQueue>;
  const auto& workload = TypeParam::info;
  auto spec = spec_for(4);
  spec.point.workload = workload.name;
  spec.sample_every = 8;
  if (workload.has_roles()) spec.point.producers = spec.point.consumers = 2;
  if (!workload.uses.contains("prefill")) spec.point.prefill = 0;
  if (workload.uses.contains("burst")) spec.point.burst = 16;
  if (workload.uses.contains("cancel_ratio")) spec.point.cancel_ratio = 0.5;
  Team team(4, {});
  const auto outcome = run_window<TypeParam, Queue>(team, spec);
  EXPECT_FALSE(outcome.violations.any()) << outcome.violations.text();
  EXPECT_GT(outcome.measurement.tally.operations(), 0U);
  EXPECT_GT(outcome.measurement.duration_s, 0);
  EXPECT_EQ(outcome.size_start, spec.point.prefill);
  EXPECT_EQ(outcome.threads.size(), 4U);
}

TEST(Mixed, reads_and_writes_in_the_asked_for_ratio) {
  Team team(1, {});
  for (const double ratio : {0.0, 0.25, 0.9, 1.0}) {
    const auto tally =
        run_window<Mixed, MutexTaskQueue>(team, spec_for(1, ratio)).measurement.tally;
    const auto share = static_cast<double>(tally.reads) / static_cast<double>(tally.operations());
    EXPECT_NEAR(share, ratio, 0.02);
  }
}

TEST(Mixed, stays_near_its_prefill) {
  Team team(4, {});
  const auto outcome = run_window<Mixed, MutexTaskQueue>(team, spec_for(4, 0));
  EXPECT_NEAR(static_cast<double>(outcome.size_end), 100, 4);
}

TEST(ProducerConsumer, bounds_the_queue_by_its_capacity_and_counts_refusals_apart) {
  auto spec = spec_for(2, 0);
  spec.point.workload = ProducerConsumer::info.name;
  spec.point.producers = 2;
  spec.point.consumers = 0;
  spec.point.prefill = 0;
  spec.point.capacity = 64;
  Team team(2, {});
  const auto outcome = run_window<ProducerConsumer, MutexTaskQueue>(team, spec);
  EXPECT_FALSE(outcome.violations.any()) << outcome.violations.text();
  EXPECT_EQ(outcome.size_end, 64U);
  EXPECT_GT(outcome.measurement.tally.full_adds, 0U);
}

/// A queue with one planted fault.
template <int period>
struct LossyQueue : MutexTaskQueue {
  using MutexTaskQueue::MutexTaskQueue;
  /// Says "added" without adding, once in `period` calls.
  AddResult add_task(TaskId id, int priority, Payload payload) {
    if (++adds_ % period == 0) return AddResult::added;
    return MutexTaskQueue::add_task(id, priority, payload);
  }

private:
  std::atomic<int> adds_{0};
};

TEST(Window, finds_a_queue_that_loses_tasks) {
  Team team(1, {});
  const auto outcome = run_window<Mixed, LossyQueue<50>>(team, spec_for(1, 0));
  EXPECT_GT(outcome.violations.lost_updates, 0U);
}

struct ForgetfulReader : MutexTaskQueue {
  using MutexTaskQueue::MutexTaskQueue;
  [[nodiscard]] TaskStatus get_status(TaskId /*id*/) const { return TaskStatus::queued; }
};

TEST(Window, finds_a_queue_that_answers_reads_wrongly) {
  Team team(1, {});
  const auto outcome = run_window<Mixed, ForgetfulReader>(team, spec_for(1, 0.5));
  EXPECT_GT(outcome.violations.wrong_statuses, 0U);
  EXPECT_EQ(outcome.measurement.tally.reads, 0U);
}

TEST(Window, null_owes_no_account) {
  Team team(2, {});
  const auto outcome = run_window<Mixed, NullTaskQueue>(team, spec_for(2));
  EXPECT_FALSE(outcome.violations.any());
  EXPECT_GT(outcome.measurement.tally.reads, 0U);
}

/// A lock that lets only the first thread in until the window is over.
template <bool sleeps>
struct StarvingQueue : MutexTaskQueue {
  using MutexTaskQueue::MutexTaskQueue;
  AddResult add_task(TaskId id, int priority, Payload payload) {
    const bool starves = id >= first_id_of(2) && id < first_id_of(standing_owner);
    while (starves && !over_.load(std::memory_order_acquire)) {
      if (sleeps) {
        over_.wait(false, std::memory_order_acquire);
      } else {
        cpu_relax();
      }
    }
    return MutexTaskQueue::add_task(id, priority, payload);
  }
  void let_all_in() noexcept {
    over_.store(true, std::memory_order_release);
    over_.notify_all();
  }

private:
  std::atomic<bool> over_{false};
};

struct MixedUntilLetIn : Mixed {
  static void wake(auto& queue) noexcept {
    if constexpr (requires { queue.let_all_in(); }) queue.let_all_in();
  }
};

/// The time in which the threads were ready and had no CPU, by their own account, in seconds.
Cell kept_off_cpu_s(const WindowOutcome& outcome) {
  Cell sum = 0;
  for (const auto& thread : outcome.threads) {
    const auto& before = thread.arrival.run_queue_wait_ns;
    const auto& after = thread.stop.run_queue_wait_ns;
    if (!before || !after) return {};
    *sum += static_cast<double>(*after - *before) * 1e-9;
  }
  return sum;
}

template <class Queue>
class Starving : public testing::Test {};
using StarvingQueues = testing::Types<StarvingQueue<false>, StarvingQueue<true>>;
TYPED_TEST_SUITE(Starving, StarvingQueues);

TYPED_TEST(Starving, a_window_that_starves_a_thread_counts_and_is_stalled) {
  const Topology topology = read_topology();
  if (topology.cpus.size() < 2) GTEST_SKIP() << "one usable CPU only";
  Team team(2, placement(topology, Pinning::compact, 2));
  const auto instruments = instruments_of(team);
  auto spec = spec_for(2, 0);
  spec.window_s = 0.01;
  spec.warm_up_s = 0.001;
  spec.instruments = &instruments;
  // Other load takes CPUs away, and a window may lose that much overlap. The last one to look at is
  // one that lost so little that it counts.
  constexpr int tries = 200;
  int judged = 0;
  for (int i = 0; i < tries; ++i) {
    const auto outcome = run_window<MixedUntilLetIn, TypeParam>(team, spec);
    EXPECT_FALSE(outcome.violations.any()) << outcome.violations.text();
    const auto& measured = outcome.measurement;
    const auto lost_s = kept_off_cpu_s(outcome);
    if (!lost_s) GTEST_SKIP() << "the kernel does not tell how long threads wait for a CPU";
    if (*lost_s >= measured.duration_s) continue;
    // Without a CPU in the warm-up, the second thread was held up only within the window.
    const auto& starved = outcome.threads[1];
    if (starved.start.time != starved.stop.time) continue;
    ++judged;
    EXPECT_GE(measured.overlap, 1 - *lost_s / measured.duration_s - 1e-6);
    EXPECT_DOUBLE_EQ(measured.longest_gap_s, measured.duration_s);
    if (measured.overlap < fine_overlap) continue;
    EXPECT_GT(measured.tally.operations(), 0U);
    WindowFacts facts;
    facts.duration_s = measured.duration_s;
    facts.overlap = measured.overlap;
    facts.longest_gap_s = measured.longest_gap_s;
    EXPECT_EQ(join(flags_of(facts)), "stalled");
    return;
  }
  if (judged == 0) GTEST_SKIP() << "other load took the CPUs in all of " << tries << " windows";
}

// The coordinator may be descheduled between its decision and its flag for as long as it likes:
// the window gets longer by the workers' clocks too, so no operation is counted for free. The
// figure itself is compared in harness/benchmarks/coordinator_delay_benchmark.cpp.
TEST(Window, a_late_coordinator_lengthens_the_window_that_is_divided_by) {
  Team team(1, {});
  auto spec = spec_for(1);
  spec.coordinator_delay_s = 0.03;
  // The longest of three: a worker that has no CPU at the beginning starts late.
  double longest_s = 0;
  for (int attempt = 0; attempt < 3; ++attempt) {
    const auto outcome = run_window<Mixed, MutexTaskQueue>(team, spec);
    longest_s = std::max(longest_s, outcome.measurement.duration_s);
  }
  EXPECT_GE(longest_s, spec.window_s + 0.9 * spec.coordinator_delay_s);
}

TEST(Window, that_lasted_far_longer_than_asked_without_a_wait_for_a_cpu_was_stopped) {
  Team team(1, {});
  auto spec = spec_for(1);
  spec.coordinator_delay_s = 1.2;  // counts whether or not the kernel tells the wait for a CPU
  EXPECT_GE((run_window<Mixed, MutexTaskQueue>(team, spec).stopped_s), 1.2);
}

TEST(RegimeProbe, measures_a_loop_always_and_a_line_only_between_two_cpus) {
  Team alone(1, {sched_getcpu()});
  RegimeProbe probe(alone);
  const auto regime = probe.take();
  EXPECT_FALSE(regime.line_roundtrip_ns.has_value());
  EXPECT_GT(*regime.spin_loop_ns, 0);
  EXPECT_EQ(mean({{}, 1.0}, {2.0, 3.0}).line_roundtrip_ns, Cell(2.0));
  EXPECT_EQ(mean({{}, 1.0}, {2.0, 3.0}).spin_loop_ns, Cell(2.0));
}

TEST(Chance, is_exact_at_the_ends) {
  EXPECT_FALSE(Chance(0).hit(0));
  EXPECT_TRUE(Chance(1).hit(~std::uint64_t{0}));
  EXPECT_TRUE(Chance(0.5).hit(std::uint64_t{1} << 62U));
  EXPECT_FALSE(Chance(0.5).hit(std::uint64_t{1} << 63U));
}

TEST(Random, gives_different_streams_for_different_seeds_and_stays_below_its_bound) {
  Random one(1);
  Random other(2);
  std::set<std::uint32_t> seen;
  bool differ = false;
  for (int i = 0; i < 1000; ++i) {
    const auto value = one.below(7);
    EXPECT_LT(value, 7U);
    seen.insert(value);
    differ |= value != other.below(7);
  }
  EXPECT_EQ(seen.size(), 7U);
  EXPECT_TRUE(differ);
}

}  // namespace
}  // namespace lockbench
