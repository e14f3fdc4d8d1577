/// What the workloads do to a queue, by its account: sizes, balance, and tasks that were due. Nothing
/// here depends on how fast anything is.

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>

#include "harness/engine/window.hpp"
#include "harness/tests/planted/planted.hpp"
#include "harness/workloads/burst.hpp"
#include "harness/workloads/cancel_heavy.hpp"
#include "harness/workloads/handoff.hpp"
#include "harness/workloads/hold.hpp"
#include "harness/workloads/open_loop.hpp"
#include "harness/workloads/pool.hpp"
#include "harness/workloads/raw_fifo.hpp"
#include "strategies/boost_lockfree.hpp"
#include "strategies/condvar.hpp"
#include "strategies/moodycamel.hpp"
#include "strategies/mutex.hpp"
#include "strategies/tests/test_scale.hpp"
#include "strategies/tests/watchdog.hpp"

namespace lockbench {
namespace {

using testing_support::scaled;
using testing_support::StallingTakes;

constexpr std::uint32_t threads = 3;
constexpr std::uint32_t prefill = 100;

class WorkloadAccount : public testing_support::WatchedTest {
protected:
  Team three_{threads, {}};
  Team two_{2, {}};
};
using CancelHeavyAccount = WorkloadAccount;
using HoldAccount = WorkloadAccount;
using BurstAccount = WorkloadAccount;
using HandoffAccount = WorkloadAccount;
using PoolAccount = WorkloadAccount;
using RawFifoAccount = WorkloadAccount;
using OpenLoopAccount = WorkloadAccount;

WindowSpec spec_of(std::string_view workload) {
  WindowSpec spec;
  spec.point.workload = workload;
  spec.point.threads = threads;
  spec.point.prefill = prefill;
  return spec;
}

WindowSpec spec_of_cancels() {
  auto spec = spec_of(CancelHeavy::info.name);
  spec.point.cancel_ratio = 0.5;
  return spec;
}

TEST_F(CancelHeavyAccount, balances) {
  const auto outcome = run_window<CancelHeavy, MutexTaskQueue>(three_, spec_of_cancels());
  EXPECT_FALSE(outcome.violations.any()) << outcome.violations.text();
  EXPECT_GT(outcome.measurement.tally.cancels, 0U);
  EXPECT_GT(outcome.measurement.tally.completions, 0U);
}

/// Says that it cancels, but hands the task out all the same.
struct DeafToCancels : MutexTaskQueue {
  using MutexTaskQueue::MutexTaskQueue;
  Transition cancel_task(TaskId id) {
    return get_status(id) == TaskStatus::queued ? Transition::ok : Transition::wrong_state;
  }
  Transition forget_task(TaskId id) {
    (void)MutexTaskQueue::forget_task(id);
    return Transition::ok;
  }
};

TEST_F(CancelHeavyAccount, finds_a_queue_that_hands_out_what_was_cancelled) {
  const auto outcome = run_window<CancelHeavy, DeafToCancels>(three_, spec_of_cancels());
  EXPECT_GT(outcome.violations.invented, 0U) << outcome.violations.text();
}

TEST_F(HoldAccount, keeps_its_size_to_within_a_task_a_thread_in_every_order) {
  for (const auto order : all_values<PriorityOrder>) {
    auto spec = spec_of(Hold::info.name);
    spec.point.priority_order = order;
    const auto outcome = run_window<Hold, MutexTaskQueue>(three_, spec);
    EXPECT_FALSE(outcome.violations.any()) << to_string(order) << outcome.violations.text();
    EXPECT_GT(outcome.measurement.tally.adds, 0U) << to_string(order);
    EXPECT_LE(outcome.size_end, prefill) << to_string(order);
    EXPECT_GE(outcome.size_end + threads, prefill) << to_string(order);
  }
}

/// Remembers the sizes that its last instance had.
struct SizedQueue : MutexTaskQueue {
  explicit SizedQueue(QueueLimits limits = {}) : MutexTaskQueue(limits) {
    most = 0;
    times_empty = 0;
  }
  AddResult add_task(TaskId id, int priority, Payload payload) {
    const auto result = MutexTaskQueue::add_task(id, priority, payload);
    const auto now = size();
    for (auto seen = most.load(); seen < now && !most.compare_exchange_weak(seen, now);) continue;
    return result;
  }
  std::optional<Task> try_get_next_task() {
    auto task = MutexTaskQueue::try_get_next_task();
    if (task && size() == 0) ++times_empty;
    return task;
  }

  static inline std::atomic<std::size_t> most{0};
  static inline std::atomic<std::uint64_t> times_empty{0};
};

TEST_F(BurstAccount, fills_the_queue_and_empties_it_before_it_fills_it_again) {
  auto spec = spec_of(Burst::info.name);
  spec.point.prefill = 0;
  spec.point.burst = 16;
  spec.window_s = 0.05;
  const auto outcome = run_window<Burst, SizedQueue>(three_, spec);
  EXPECT_FALSE(outcome.violations.any()) << outcome.violations.text();
  EXPECT_EQ(SizedQueue::most, std::size_t{threads} * 16);
  EXPECT_LE(outcome.size_end, std::size_t{threads} * 16);
  EXPECT_GT(SizedQueue::times_empty, 0U);
}

TEST_F(PoolAccount, keeps_its_size_to_within_a_task_a_thread) {
  auto spec = spec_of(Pool::info.name);
  spec.point.work_ns = 1000;
  const auto outcome = run_window<Pool, CondvarTaskQueue>(three_, spec);
  EXPECT_FALSE(outcome.violations.any()) << outcome.violations.text();
  EXPECT_GT(outcome.measurement.tally.completions, 0U);
  EXPECT_LE(outcome.size_end, prefill);
  EXPECT_GE(outcome.size_end + threads, prefill);
}

// A slow machine can only lower the number, and the usual 30 us allow for hundreds.
TEST_F(HandoffAccount, leaves_the_consumer_idle_for_as_long_as_was_asked_for) {
  auto spec = spec_of(Handoff::info.name);
  spec.point.threads = 2;
  spec.point.producers = spec.point.consumers = 1;
  spec.point.prefill = 0;
  spec.point.idle_ns = 5'000'000;
  spec.window_s = 0.05;
  const auto outcome = run_window<Handoff, CondvarTaskQueue>(two_, spec);
  EXPECT_FALSE(outcome.violations.any()) << outcome.violations.text();
  const double idle_times = outcome.measurement.duration_s / 0.005;
  EXPECT_LE(static_cast<double>(outcome.measurement.tally.takes), idle_times + 2);
}

template <TaskQueue Q>
void expect_sound_raw_fifo(Team& team) {
  auto spec = spec_of(RawFifo::info.name);
  spec.point.producers = 2;
  spec.point.consumers = 1;
  spec.point.prefill = 0;
  const auto outcome = run_window<RawFifo, Q>(team, spec);
  EXPECT_FALSE(outcome.violations.any()) << Q::traits.name << outcome.violations.text();
  EXPECT_GT(outcome.measurement.tally.adds, 0U) << Q::traits.name;
  EXPECT_GT(outcome.measurement.tally.takes, 0U) << Q::traits.name;
}

TEST_F(RawFifoAccount, balances_on_the_queues_of_both_packages) {
  expect_sound_raw_fifo<BoostLockfreeTaskQueue>(three_);
  expect_sound_raw_fifo<MoodycamelTaskQueue>(three_);
}

/// What was recorded relative to what was due, by the producer's own clock.
template <TaskQueue Q>
double recorded_of_due(Team& team, Arrivals arrivals) {
  auto spec = spec_of(OpenLoop::info.name);
  spec.point.threads = 2;
  spec.point.producers = spec.point.consumers = 1;
  spec.point.prefill = 0;
  spec.point.arrivals = arrivals;
  spec.window_s = 0.2;
  spec.arrivals_s = static_cast<double>(scaled(20'000));
  const auto outcome = run_window<OpenLoop, Q>(team, spec);
  EXPECT_FALSE(outcome.violations.any()) << outcome.violations.text();
  const auto& producer = outcome.threads.at(0);
  const std::chrono::duration<double> duration = producer.stop.time - producer.start.time;
  const auto* const sojourn = outcome.latencies.find(LatencyKind::sojourn);
  if (sojourn == nullptr) return 0;
  return static_cast<double>(sojourn->count()) / (spec.arrivals_s * duration.count());
}

TEST_F(OpenLoopAccount, records_every_task_that_was_due_once) {
  EXPECT_NEAR((recorded_of_due<CondvarTaskQueue>(two_, Arrivals::fixed)), 1, 0.02);
  EXPECT_NEAR((recorded_of_due<CondvarTaskQueue>(two_, Arrivals::poisson)), 1, 0.15);
}

TEST_F(OpenLoopAccount, records_them_also_where_the_consumer_falls_behind_for_a_while) {
  using Queue = StallingTakes<CondvarTaskQueue>;
  EXPECT_NEAR((recorded_of_due<Queue>(two_, Arrivals::fixed)), 1, 0.02);
  EXPECT_NEAR((recorded_of_due<Queue>(two_, Arrivals::poisson)), 1, 0.15);
}

}  // namespace
}  // namespace lockbench
