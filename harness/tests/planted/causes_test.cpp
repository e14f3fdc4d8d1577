/// Causes that are planted, and the figures in which they have to show: unfairness, a thread kept
/// out, a producer held up, consumers that sleep.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <thread>

#include "harness/engine/window.hpp"
#include "harness/tests/planted/planted.hpp"
#include "harness/workloads/handoff.hpp"
#include "harness/workloads/mixed.hpp"
#include "harness/workloads/open_loop.hpp"
#include "harness/workloads/producer_consumer.hpp"
#include "strategies/condvar.hpp"
#include "strategies/mutex.hpp"

namespace lockbench {
namespace {

using std::chrono::milliseconds;
using testing_support::OneStall;
using testing_support::StallingAdds;
using testing_support::StallingReads;
using testing_support::within_ten_tries;

class Planted : public testing_support::PlantedTest {
protected:
  Team two_{2, {}};
};
using Fairness = Planted;
using LongestGap = Planted;
using Omission = Planted;
using Switches = Planted;

/// Two threads that only read.
WindowSpec readers() {
  WindowSpec spec;
  spec.point.threads = 2;
  spec.point.read_ratio = 1;
  spec.window_s = 0.05;
  return spec;
}

WindowSpec one_producer_one_consumer(std::string_view workload, double window_s) {
  WindowSpec spec;
  spec.point.workload = workload;
  spec.point.threads = 2;
  spec.point.producers = spec.point.consumers = 1;
  spec.point.prefill = 0;
  spec.window_s = window_s;
  return spec;
}

/// Lets the reader that comes first have nine turns for each turn of the other.
struct UnfairQueue : MutexTaskQueue {
  using MutexTaskQueue::MutexTaskQueue;
  [[nodiscard]] TaskStatus get_status(TaskId id) const {
    const auto self = std::this_thread::get_id();
    std::thread::id first{};
    if (favoured_.compare_exchange_strong(first, self) || first == self) {
      ++turns_;
    } else {
      await_turns();
    }
    return MutexTaskQueue::get_status(id);
  }

private:
  /// Not for ever: the other may have left.
  void await_turns() const {
    const auto until = turns_ + 9;
    const auto deadline = Clock::now() + milliseconds(2);
    while (turns_ < until && Clock::now() < deadline) std::this_thread::yield();
  }

  mutable std::atomic<std::thread::id> favoured_{};
  mutable std::atomic<std::uint64_t> turns_{0};
};

TEST_F(Fairness, falls_and_shares_part_where_a_lock_prefers_one_thread) {
  EXPECT_TRUE(within_ten_tries([&]() -> testing::AssertionResult {
    const auto fair = run_window<Mixed, MutexTaskQueue>(two_, readers()).measurement;
    const auto unfair = run_window<Mixed, UnfairQueue>(two_, readers()).measurement;
    if (unfair.fairness_jain < 0.75 && unfair.fairness_jain < fair.fairness_jain - 0.1 &&
        unfair.min_thread_share < 0.4 && unfair.min_thread_share < fair.min_thread_share &&
        unfair.max_thread_share > 1.6 && unfair.max_thread_share > fair.max_thread_share) {
      return testing::AssertionSuccess();
    }
    return testing::AssertionFailure()
           << "Jain " << unfair.fairness_jain << " after " << fair.fairness_jain << ", shares "
           << unfair.min_thread_share << " … " << unfair.max_thread_share << " after "
           << fair.min_thread_share << " … " << fair.max_thread_share;
  }));
}

TEST_F(LongestGap, shows_a_thread_that_was_kept_out_and_none_where_nobody_was) {
  constexpr double stall_s = std::chrono::duration<double>(OneStall::length).count();
  auto spec = readers();
  spec.sample_every = 16;
  EXPECT_TRUE(within_ten_tries([&]() -> testing::AssertionResult {
    const auto without = run_window<Mixed, MutexTaskQueue>(two_, spec).measurement;
    const auto with = run_window<Mixed, StallingReads<MutexTaskQueue>>(two_, spec).measurement;
    if (with.longest_gap_s >= stall_s && without.longest_gap_s < stall_s) {
      return testing::AssertionSuccess();
    }
    return testing::AssertionFailure()
           << with.longest_gap_s << " s after " << without.longest_gap_s << " s";
  }));
}

/// What one in a hundred exceeds, in ms; infinite where nothing was timed.
double p99_ms(const WindowOutcome& outcome, LatencyKind kind) {
  const auto* const found = outcome.latencies.find(kind);
  return found == nullptr ? INFINITY : found->value_at(0.99) * 1e-6;
}
double max_ms(const WindowOutcome& outcome, LatencyKind kind) {
  const auto* const found = outcome.latencies.find(kind);
  return found == nullptr ? 0 : static_cast<double>(found->max_ns()) * 1e-6;
}

constexpr double half_a_stall_ms = 5;

// A twentieth of all tasks are due while the producer is held up for 10 of 200 ms. A busy machine can
// only lengthen times, so the least of the tries counts, with the stall as well as without.
TEST_F(Omission, is_not_in_an_open_loop_where_many_tasks_were_due_during_a_stall) {
  auto spec = one_producer_one_consumer(OpenLoop::info.name, 0.2);
  spec.point.arrivals = Arrivals::fixed;
  spec.arrivals_s = 10'000;
  double p99_without = INFINITY;
  double p99_with = INFINITY;
  double max_with = INFINITY;
  EXPECT_TRUE(within_ten_tries([&]() -> testing::AssertionResult {
    const auto without = run_window<OpenLoop, CondvarTaskQueue>(two_, spec);
    const auto with = run_window<OpenLoop, StallingAdds<CondvarTaskQueue>>(two_, spec);
    p99_without = std::min(p99_without, p99_ms(without, LatencyKind::sojourn));
    p99_with = std::min(p99_with, p99_ms(with, LatencyKind::sojourn));
    max_with = std::min(max_with, max_ms(with, LatencyKind::sojourn));
    if (p99_with > half_a_stall_ms && max_with > 9 && p99_without < half_a_stall_ms) {
      return testing::AssertionSuccess();
    }
    return testing::AssertionFailure()
           << "p99 " << p99_with << " ms after " << p99_without << " ms, max " << max_with << " ms";
  }));
}

// The same stall is one call of ten thousands there.
TEST_F(Omission, hides_a_stall_from_the_latencies_of_a_closed_loop) {
  auto spec = one_producer_one_consumer(ProducerConsumer::info.name, 0.2);
  spec.sample_every = 1;
  EXPECT_TRUE(within_ten_tries([&]() -> testing::AssertionResult {
    const auto with = run_window<ProducerConsumer, StallingAdds<CondvarTaskQueue>>(two_, spec);
    if (p99_ms(with, LatencyKind::add) < half_a_stall_ms && max_ms(with, LatencyKind::add) >= 10) {
      return testing::AssertionSuccess();
    }
    return testing::AssertionFailure() << "p99 " << p99_ms(with, LatencyKind::add) << " ms, max "
                                       << max_ms(with, LatencyKind::add) << " ms";
  }));
}

/// Its consumer looks for tasks awake, and at a count, so that it does not fight for the lock.
struct AwakeQueue : MutexTaskQueue {
  using MutexTaskQueue::MutexTaskQueue;
  AddResult add_task(TaskId id, int priority, Payload payload) {
    const auto result = MutexTaskQueue::add_task(id, priority, payload);
    if (result == AddResult::added) ++added_;
    return result;
  }
  TakeResult get_next_task(Deadline /*deadline*/) {
    while (added_ == taken_ && !closed_) std::this_thread::yield();  // no voluntary switch
    const auto task = try_get_next_task();
    if (!task) return {TakeOutcome::shut_down};
    ++taken_;
    return {TakeOutcome::task, *task};
  }
  void shutdown(ShutdownMode mode) {
    MutexTaskQueue::shutdown(mode);
    closed_ = true;
  }

private:
  std::atomic<std::uint64_t> added_{0};
  std::atomic<std::uint64_t> taken_{0};
  std::atomic<bool> closed_{false};
};

/// Voluntary switches of the consumer for each task it took.
template <TaskQueue Q>
double consumer_switches(Team& team) {
  const auto spec = one_producer_one_consumer(Handoff::info.name, 0.1);
  const auto consumer = run_window<Handoff, Q>(team, spec).threads.at(1);
  const auto switches = consumer.stop.voluntary_switches - consumer.start.voluntary_switches;
  return static_cast<double>(switches) / static_cast<double>(consumer.measured.takes);
}

TEST_F(Switches, show_a_consumer_that_sleeps_and_none_that_looks_awake) {
  EXPECT_TRUE(within_ten_tries([&]() -> testing::AssertionResult {
    const double asleep = consumer_switches<CondvarTaskQueue>(two_);
    const double awake = consumer_switches<AwakeQueue>(two_);
    if (asleep > 0.5 && awake < 0.1) return testing::AssertionSuccess();
    return testing::AssertionFailure()
           << asleep << " switches a task of a sleeper, " << awake << " of one awake";
  }));
}

}  // namespace
}  // namespace lockbench
