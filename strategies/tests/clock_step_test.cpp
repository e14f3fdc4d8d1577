/// Faults: steps of the wall clock, back and forth by an hour. The wall clock of this process is
/// replaced, not the machine's: what a queue reads jumps, as it does when the clock is set between
/// reading it and sleeping.

#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <ctime>
#include <thread>

#include "strategies/tests/conformance/conformance.hpp"

namespace {
std::atomic<long> wall_clock_offset_s{0};
}  // namespace

/// Comes before the C library's for every caller in the process.
extern "C" int clock_gettime(clockid_t clock, timespec* time) noexcept {
  const auto result = static_cast<int>(::syscall(SYS_clock_gettime, clock, time));
  if (clock == CLOCK_REALTIME && result == 0) {
    time->tv_sec += wall_clock_offset_s.load(std::memory_order_relaxed);
  }
  return result;
}

namespace lockbench::testing_support {
namespace {

using namespace std::chrono_literals;

/// While it lives, the wall clock jumps by up to an hour, several times a millisecond.
class JumpingClock {
public:
  JumpingClock()
      : thread_{[](const std::stop_token& over) {
          constexpr std::array<long, 4> offsets_s{0, 3600, -3600, 7};
          for (std::size_t step = 0; !over.stop_requested(); ++step) {
            wall_clock_offset_s = offsets_s.at(step % offsets_s.size());
            std::this_thread::sleep_for(300us);
          }
          wall_clock_offset_s = 0;
        }} {}

private:
  std::jthread thread_;
};

template <class Q>
struct ClockSteps : WatchedTest {};
TYPED_TEST_SUITE(ClockSteps, ThreadSafeStrategies, StrategyName);

TEST(ClockStepTest, moves_the_wall_clock_and_not_the_steady_one) {
  wall_clock_offset_s = 3600;
  const auto wall = std::chrono::system_clock::now();
  const auto steady = std::chrono::steady_clock::now();
  wall_clock_offset_s = 0;
  EXPECT_GT(wall - std::chrono::system_clock::now(), 59min);
  EXPECT_LT(std::chrono::steady_clock::now() - steady, 1min);
}

TYPED_TEST(ClockSteps, move_no_deadline) {
#ifndef MOODYCAMEL_LIGHTWEIGHTSEMAPHORE_MONOTONIC  // which the package defines since 1.0.4
  if (TypeParam::traits.name == MoodycamelBlockingTaskQueue::traits.name) {
    GTEST_SKIP() << "its package sleeps by the wall clock: see docs/contract.md";
  }
#endif
  TypeParam queue{limits};
  const JumpingClock jumping;
  for (int wait = 0; wait < 10; ++wait) {
    const auto deadline = after(20ms);
    EXPECT_EQ(queue.get_next_task(deadline).outcome, TakeOutcome::timed_out);
    const auto late = std::chrono::steady_clock::now() - deadline;
    EXPECT_GE(late, 0ns);
    EXPECT_LT(late, lateness_bound);
  }
}

TYPED_TEST(ClockSteps, keep_no_task_from_a_waiter) {
  TypeParam queue{limits};
  const JumpingClock jumping;
  std::jthread waiter{[&] {
    for (TaskId id = 0; id < 20; ++id) {
      EXPECT_EQ(queue.get_next_task(far_ahead()).outcome, TakeOutcome::task);
    }
  }};
  for (TaskId id = 0; id < 20; ++id) {
    EXPECT_TRUE(add(queue, id));
    std::this_thread::sleep_for(1ms);
  }
}

}  // namespace
}  // namespace lockbench::testing_support
