#include "harness/base/thread_affinity.hpp"

#include <gtest/gtest.h>

#include <cerrno>

namespace lockbench {
namespace {

TEST(CpuMask, holds_cpus_of_any_number) {
  const std::vector<int> cpus{0, 63, 1023, 1024, 5000};
  EXPECT_EQ(CpuMask(cpus).cpus(), cpus);
  EXPECT_TRUE(CpuMask().cpus().empty());
}

TEST(Pin, moves_a_thread_to_a_cpu_or_says_that_there_is_none) {
  const auto before = affinity_of(0);
  ASSERT_FALSE(before.empty());
  EXPECT_EQ(pin(pthread_self(), before.back()), 0);
  EXPECT_EQ(affinity_of(0), std::vector<int>{before.back()});
  EXPECT_EQ(pin(pthread_self(), 60'000), EINVAL);
}

// The test before may have left this thread on one CPU.
TEST(ReachableBy, finds_more_than_the_affinity_that_was_inherited_and_leaves_it_alone) {
  const auto all = reachable_by(0);
  ASSERT_EQ(pin(pthread_self(), all.front()), 0);
  EXPECT_EQ(reachable_by(0), all);
  EXPECT_EQ(affinity_of(0), std::vector<int>{all.front()});
}

}  // namespace
}  // namespace lockbench
