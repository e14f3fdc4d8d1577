#include "harness/machine/facts/scheduling.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <thread>

#include "harness/tests/machine/invented_files.hpp"

namespace lockbench {
namespace {

TEST(Scheduling, niceness_is_that_of_the_thread) {
  Scheduling found;
  std::thread([&] {
    setpriority(PRIO_PROCESS, 0, 19);
    found = read_scheduling();
  }).join();
  EXPECT_EQ(found.niceness.value(), 19);
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

}  // namespace
}  // namespace lockbench
