#include "harness/machine/facts/cgroup.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "harness/machine/facts/memory_room.hpp"
#include "harness/tests/machine/invented_files.hpp"

namespace lockbench {
namespace {

constexpr auto v2_mount = "31 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n";

TEST(Cgroup, a_v2_quota_is_quota_over_period) {
  InventedFiles invented;
  invented.with("/proc/self/mountinfo", v2_mount)
      .with("/proc/self/cgroup", "0::/service\n")
      .with("/sys/fs/cgroup/service/cpu.max", "150000 100000\n");
  EXPECT_DOUBLE_EQ(read_cpu_quota(invented.files()).value(), 1.5);
}

TEST(Cgroup, the_tightest_ancestor_decides) {
  InventedFiles invented;
  invented.with("/proc/self/mountinfo", v2_mount)
      .with("/proc/self/cgroup", "0::/user/session\n")
      .with("/sys/fs/cgroup/user/cpu.max", "50000 100000\n")
      .with("/sys/fs/cgroup/user/session/cpu.max", "max 100000\n");
  EXPECT_DOUBLE_EQ(read_cpu_quota(invented.files()).value(), 0.5);
}

TEST(Cgroup, no_quota_is_known_to_be_unlimited) {
  InventedFiles invented;
  invented.with("/proc/self/mountinfo", v2_mount).with("/proc/self/cgroup", "0::/\n");
  EXPECT_TRUE(std::isinf(read_cpu_quota(invented.files()).value()));
}

TEST(Cgroup, a_v1_quota_is_read_and_minus_one_means_none) {
  InventedFiles invented;
  invented
      .with("/proc/self/mountinfo",
            "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n")
      .with("/proc/self/cgroup", "3:cpuset:/\n1:cpu,cpuacct:/box\n0::/\n")
      .with("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n")
      .with("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n")
      .with("/sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_quota_us", "200000\n")
      .with("/sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_period_us", "100000\n");
  EXPECT_DOUBLE_EQ(read_cpu_quota(invented.files()).value(), 2.0);
}

TEST(Cgroup, a_container_that_sees_only_its_own_group_is_understood) {
  InventedFiles invented;
  invented
      .with("/proc/self/mountinfo",
            "32 31 0:29 /docker/abc /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu\n"
            "33 31 0:30 /docker/abc /sys/fs/cgroup/cpuset ro - cgroup cgroup rw,cpuset\n")
      .with("/proc/self/cgroup", "2:cpuset:/docker/abc\n1:cpu:/docker/abc\n")
      .with("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "50000\n")
      .with("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n")
      .with("/sys/fs/cgroup/cpuset/cpuset.cpus", "2-3\n");
  EXPECT_DOUBLE_EQ(read_cpu_quota(invented.files()).value(), 0.5);
  EXPECT_EQ(read_cpuset(invented.files()).value(), (std::vector<int>{2, 3}));
}

TEST(Cgroup, the_least_memory_limit_of_a_v2_hierarchy_decides) {
  InventedFiles invented;
  invented.with("/proc/self/mountinfo", v2_mount)
      .with("/proc/self/cgroup", "0::/user/session\n")
      .with("/sys/fs/cgroup/user/memory.max", "536870912\n")
      .with("/sys/fs/cgroup/user/session/memory.max", "max\n");
  EXPECT_DOUBLE_EQ(read_memory_limit(invented.files()).value(), 0x1p29);
  invented.with("/sys/fs/cgroup/user/session/memory.max", "1048576\n");
  EXPECT_DOUBLE_EQ(read_memory_limit(invented.files()).value(), 0x1p20);
}

TEST(Cgroup, the_largest_number_of_a_v1_memory_limit_means_none) {
  InventedFiles invented;
  invented
      .with("/proc/self/mountinfo",
            "32 31 0:29 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n")
      .with("/proc/self/cgroup", "4:memory:/box\n")
      .with("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n")
      .with("/sys/fs/cgroup/memory/box/memory.limit_in_bytes", "9223372036854771712\n");
  EXPECT_TRUE(std::isinf(read_memory_limit(invented.files()).value()));
  invented.with("/sys/fs/cgroup/memory/memory.limit_in_bytes", "268435456\n");
  EXPECT_DOUBLE_EQ(read_memory_limit(invented.files()).value(), 0x1p28);
}

TEST(Cgroup, no_memory_limit_is_known_to_be_unlimited) {
  InventedFiles invented;
  invented.with("/proc/self/mountinfo", v2_mount).with("/proc/self/cgroup", "0::/\n");
  EXPECT_TRUE(std::isinf(read_memory_limit(invented.files()).value()));
}

TEST(Cgroup, without_control_groups_nothing_is_invented) {
  const InventedFiles invented;
  EXPECT_FALSE(read_memory_limit(invented.files()).known());
  EXPECT_FALSE(read_cpu_quota(invented.files()).known());
  EXPECT_FALSE(read_cpuset(invented.files()).known());
  EXPECT_FALSE(FreezerWatch("self", invented.files()).is_frozen());
}

TEST(Cgroup, a_v2_group_tells_that_it_is_frozen_and_that_one_above_it_is) {
  InventedFiles invented;
  invented.with("/proc/self/mountinfo", v2_mount)
      .with("/proc/7/cgroup", "0::/box\n")
      .with("/sys/fs/cgroup/box/cgroup.events", "populated 1\nfrozen 0\n");
  EXPECT_FALSE(FreezerWatch("7", invented.files()).is_frozen());
  invented.with("/sys/fs/cgroup/box/cgroup.events", "populated 1\nfrozen 1\n");
  EXPECT_TRUE(FreezerWatch("7", invented.files()).is_frozen());
  EXPECT_FALSE(FreezerWatch("8", invented.files()).is_frozen());
}

TEST(Cgroup, a_watch_follows_a_process_into_another_group) {
  InventedFiles invented;
  invented.with("/proc/self/mountinfo", v2_mount)
      .with("/proc/7/cgroup", "0::/box\n")
      .with("/sys/fs/cgroup/box/cgroup.events", "frozen 0\n")
      .with("/sys/fs/cgroup/other/cgroup.events", "frozen 1\n");
  FreezerWatch watch("7", invented.files());
  EXPECT_FALSE(watch.is_frozen());
  invented.with("/proc/7/cgroup", "0::/other\n");
  EXPECT_TRUE(watch.is_frozen());
}

TEST(Cgroup, a_v1_freezer_tells_what_it_does) {
  InventedFiles invented;
  invented
      .with("/proc/self/mountinfo",
            "36 30 0:33 / /sys/fs/cgroup/freezer rw - cgroup cgroup rw,freezer\n")
      .with("/proc/7/cgroup", "6:freezer:/box\n0::/\n")
      .with("/sys/fs/cgroup/freezer/box/freezer.state", "FROZEN\n");
  EXPECT_TRUE(FreezerWatch("7", invented.files()).is_frozen());
  invented.with("/sys/fs/cgroup/freezer/box/freezer.state", "THAWED\n");
  EXPECT_FALSE(FreezerWatch("7", invented.files()).is_frozen());
}

TEST(Cgroup, broken_files_are_no_quota) {
  InventedFiles invented;
  invented.with("/proc/self/mountinfo", std::string("short line\n- -\n") + v2_mount)
      .with("/proc/self/cgroup", "rubbish\n0::/a\n")
      .with("/sys/fs/cgroup/a/cpu.max", "5 0\n");
  EXPECT_TRUE(std::isinf(read_cpu_quota(invented.files()).value()));
}

}  // namespace
}  // namespace lockbench
