#include "harness/base/scheduling.hpp"

#include <gtest/gtest.h>
#include <sched.h>

namespace lockbench {
namespace {

// One test, as it is done once a process.
TEST(InheritedPolicy, is_given_up_once_and_remembered) {
  sched_param priority{};
  priority.sched_priority = 1;
  const bool real_time = ::sched_setscheduler(0, SCHED_FIFO, &priority) == 0;
  priority.sched_priority = 0;
  if (!real_time) {
    ASSERT_EQ(::sched_setscheduler(0, SCHED_BATCH, &priority), 0);  // needs no privileges
  }
  for (int call = 0; call < 2; ++call) {
    const auto& policy = drop_inherited_policy();
    EXPECT_EQ(policy.name, real_time ? "SCHED_FIFO 1" : "SCHED_BATCH");
    EXPECT_EQ(policy.now, "SCHED_OTHER");
    EXPECT_EQ(policy.kept_why, "");
    EXPECT_EQ(::sched_getscheduler(0), SCHED_OTHER);
  }
}

}  // namespace
}  // namespace lockbench
