#include "harness/machine/facts/scheduling.hpp"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/resource.h>

#include <thread>

#include "harness/tests/machine/invented_files.hpp"

namespace lockbench {
namespace {

/// What a thread of its own reads under this policy, which it may keep to itself.
Scheduling read_under(int policy, int niceness = 0) {
  Scheduling found;
  std::thread([&] {
    const sched_param none{};
    sched_setscheduler(0, policy, &none);
    if (niceness != 0) setpriority(PRIO_PROCESS, 0, niceness);
    found = read_scheduling();
  }).join();
  return found;
}

TEST(Scheduling, policies_have_their_names) {
  EXPECT_EQ(read_under(SCHED_BATCH).policy.value(), "SCHED_BATCH");
  EXPECT_EQ(read_under(SCHED_BATCH).priority.value(), 0);
  EXPECT_EQ(read_under(SCHED_IDLE).policy.value(), "SCHED_IDLE");
}

TEST(Scheduling, niceness_is_that_of_the_thread) {
  EXPECT_EQ(read_under(SCHED_OTHER, 19).niceness.value(), 19);
}

TEST(Scheduling, a_real_time_priority_within_the_limit_is_allowed) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_RTPRIO, &before), 0);
  const rlimit none{.rlim_cur = 0, .rlim_max = before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_RTPRIO, &none), 0);
  EXPECT_EQ(read_scheduling().most_priority.value(), 0);
  EXPECT_EQ(setrlimit(RLIMIT_RTPRIO, &before), 0);
  EXPECT_LE(read_scheduling().most_priority.value(), 99);
}

TEST(Scheduling, limits_of_real_time_threads_are_those_of_the_kernel) {
  InventedFiles invented;
  EXPECT_FALSE(read_scheduling(invented.files()).runtime_us.known());
  invented.with("/proc/sys/kernel/sched_rt_runtime_us", "-1\n")
      .with("/proc/sys/kernel/sched_rt_period_us", "1000000\n");
  EXPECT_EQ(read_scheduling(invented.files()).runtime_us.value(), -1);
  EXPECT_EQ(read_scheduling(invented.files()).period_us.value(), 1'000'000);
}

TEST(Scheduling, real_time_policies_are_told_from_the_others) {
  for (const auto* const policy : {"SCHED_FIFO", "SCHED_RR", "SCHED_DEADLINE"}) {
    EXPECT_TRUE(is_real_time(policy)) << policy;
  }
  for (const auto* const policy : {"SCHED_OTHER", "SCHED_BATCH", "SCHED_IDLE"}) {
    EXPECT_FALSE(is_real_time(policy)) << policy;
  }
}

}  // namespace
}  // namespace lockbench
