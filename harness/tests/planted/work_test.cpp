/// Work that is planted, and the figures in which it has to show. Times are of CPU where they can
/// be, since other programs may take any share of the wall's.

#include <gtest/gtest.h>

#include <chrono>

#include "harness/engine/calibration.hpp"
#include "harness/engine/window.hpp"
#include "harness/tests/planted/planted.hpp"
#include "harness/workloads/mixed.hpp"
#include "harness/workloads/pool.hpp"
#include "strategies/mutex.hpp"

namespace lockbench {
namespace {

using testing_support::within_ten_tries;

class PlantedWork : public testing_support::PlantedTest {
protected:
  /// One thread that only reads, with a rate measured just now.
  WindowSpec reader() {
    WindowSpec spec;
    spec.point.read_ratio = 1;
    spec.window_s = 0.03;
    spec.rate = calibrate(one_).rate;
    return spec;
  }

  Team one_{1, {}};
};
using UnderLock = PlantedWork;
using ThinkWork = PlantedWork;
using Overhead = PlantedWork;

constexpr std::uint32_t planted_ns = 5000;

/// Whether what was planted came out, with a third less or a half more for a busy machine.
testing::AssertionResult is_about_planted(double found_ns) {
  if (found_ns > 0.67 * planted_ns && found_ns < 1.5 * planted_ns) {
    return testing::AssertionSuccess();
  }
  return testing::AssertionFailure() << found_ns << " ns instead of " << planted_ns << " ns";
}

double status_p50_ns(const WindowOutcome& outcome) {
  const auto* const found = outcome.latencies.find(LatencyKind::status);
  return found == nullptr ? 0 : found->value_at(0.5);
}

TEST_F(UnderLock, lengthens_the_latency_of_a_status_by_as_much) {
  EXPECT_TRUE(within_ten_tries([&] {
    auto spec = reader();
    spec.sample_every = 4;
    const auto without = run_window<Mixed, MutexTaskQueue>(one_, spec);
    spec.point.critical_section_ns = planted_ns;
    const auto with = run_window<Mixed, MutexTaskQueue>(one_, spec);
    return is_about_planted(status_p50_ns(with) - status_p50_ns(without));
  }));
}

TEST_F(UnderLock, is_accounted_for_in_steps_of_every_operation) {
  auto spec = reader();
  spec.point.critical_section_ns = planted_ns;
  const auto measurement = run_window<Mixed, MutexTaskQueue>(one_, spec).measurement;
  const auto operations = static_cast<double>(measurement.tally.operations());
  ASSERT_GT(operations, 50);
  const double work_ns =
      static_cast<double>(measurement.work.critical_steps) / spec.rate.steps_per_ns;
  EXPECT_NEAR(work_ns / (operations * planted_ns), 1, 0.1);
  EXPECT_EQ(measurement.work.think_steps, 0U);
  EXPECT_EQ(measurement.work.task_steps, 0U);
}

double cpu_ns_per_op(const Measurement& measurement) {
  return measurement.cpu_s * 1e9 / static_cast<double>(measurement.tally.operations());
}

TEST_F(ThinkWork, lowers_throughput_accordingly) {
  EXPECT_TRUE(within_ten_tries([&]() -> testing::AssertionResult {
    auto spec = reader();
    const auto without = run_window<Mixed, MutexTaskQueue>(one_, spec).measurement;
    spec.point.think_ns = planted_ns;
    const auto with = run_window<Mixed, MutexTaskQueue>(one_, spec).measurement;
    if (with.throughput_ops_s >= without.throughput_ops_s) {
      return testing::AssertionFailure() << with.throughput_ops_s << " operations a second after "
                                         << without.throughput_ops_s << " without";
    }
    return is_about_planted(cpu_ns_per_op(with) - cpu_ns_per_op(without));
  }));
}

// The kernel brings some of its times up to date with the scheduler's tick alone, every 1 to 10 ms:
// too coarse for windows of 15 ms, and then a thread seems to get more CPU time than there is.
TEST_F(Overhead, is_taken_from_a_clock_that_knows_less_than_a_tick) {
  constexpr double slack_s = 1e-5;
  for (int stretch = 0; stretch < 200; ++stretch) {
    const auto begin = Clock::now();
    const auto start = stamp_at_start(nullptr);
    while (Clock::now() - start.time < std::chrono::microseconds(300)) continue;
    const auto stop = stamp_at_stop(nullptr);
    const std::chrono::duration<double> passed = Clock::now() - begin;
    EXPECT_LE(stop.cpu_s - start.cpu_s, passed.count() + slack_s);
    EXPECT_GT(stop.cpu_s - start.cpu_s, 0);
  }
}

TEST_F(Overhead, is_the_cpu_time_beyond_the_work_and_small_where_work_dominates) {
  EXPECT_TRUE(within_ten_tries([&]() -> testing::AssertionResult {
    auto spec = reader();
    spec.point.workload = Pool::info.name;
    spec.point.read_ratio = 0;
    spec.point.work_ns = planted_ns;
    const auto measurement = run_window<Pool, MutexTaskQueue>(one_, spec).measurement;
    const double work_s =
        static_cast<double>(measurement.work.task_steps) / spec.rate.steps_per_ns * 1e-9;
    const double overhead_s = measurement.cpu_s - work_s;
    if (overhead_s > 0 && overhead_s < 0.5 * measurement.cpu_s) return testing::AssertionSuccess();
    return testing::AssertionFailure()
           << overhead_s << " s of " << measurement.cpu_s << " s with " << work_s << " s of work";
  }));
}

}  // namespace
}  // namespace lockbench
