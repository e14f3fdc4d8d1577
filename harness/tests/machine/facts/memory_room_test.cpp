#include "harness/machine/facts/memory_room.hpp"

#include <gtest/gtest.h>

#include "harness/tests/machine/invented_files.hpp"

namespace lockbench {
namespace {

constexpr double mib = 1 << 20;
constexpr auto meminfo = "MemTotal: 8192 kB\nMemAvailable: 4096 kB\nSwapFree: 1024 kB\n";
constexpr auto v2_mount = "31 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n";
constexpr auto v1_mount = "34 30 0:31 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n";

TEST(MemoryRoom, is_what_the_machine_has_available_and_its_free_swap) {
  InventedFiles invented;
  invented.with("/proc/meminfo", meminfo);
  const auto room = read_memory_room(invented.files());
  EXPECT_DOUBLE_EQ(room->bytes, 5 * mib);
  EXPECT_EQ(room->limited_by, "the machine's memory");
}

TEST(MemoryRoom, in_a_group_is_its_limit_less_what_it_keeps_pages_of_files_aside) {
  InventedFiles invented;
  invented.with("/proc/meminfo", meminfo)
      .with("/proc/self/mountinfo", v2_mount)
      .with("/proc/self/cgroup", "0::/box\n")
      .with("/sys/fs/cgroup/box/memory.max", "2097152\n")
      .with("/sys/fs/cgroup/box/memory.current", "1572864\n")
      .with("/sys/fs/cgroup/box/memory.stat", "anon 1\ninactive_file 262144\nactive_file 262144\n");
  const auto room = read_memory_room(invented.files());
  EXPECT_DOUBLE_EQ(room->bytes, 1 * mib + 1 * mib);
  EXPECT_EQ(room->limited_by, "memory.max of /sys/fs/cgroup/box");
}

TEST(MemoryRoom, is_decided_by_the_tightest_ancestor) {
  InventedFiles invented;
  invented.with("/proc/meminfo", meminfo)
      .with("/proc/self/mountinfo", v2_mount)
      .with("/proc/self/cgroup", "0::/slice/box\n")
      .with("/sys/fs/cgroup/slice/memory.max", "1048576\n")
      .with("/sys/fs/cgroup/slice/memory.current", "1048576\n")
      .with("/sys/fs/cgroup/slice/box/memory.max", "max\n")
      .with("/sys/fs/cgroup/slice/box/memory.current", "1048576\n");
  EXPECT_DOUBLE_EQ(read_memory_room(invented.files())->bytes, 1 * mib);
}

TEST(MemoryRoom, is_limited_by_groups_of_v1_too) {
  InventedFiles invented;
  invented.with("/proc/meminfo", meminfo)
      .with("/proc/self/mountinfo", v1_mount)
      .with("/proc/self/cgroup", "4:memory:/box\n0::/\n")
      .with("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n")
      .with("/sys/fs/cgroup/memory/memory.usage_in_bytes", "4096\n")
      .with("/sys/fs/cgroup/memory/box/memory.limit_in_bytes", "3145728\n")
      .with("/sys/fs/cgroup/memory/box/memory.usage_in_bytes", "2097152\n")
      .with("/sys/fs/cgroup/memory/box/memory.stat", "inactive_file 9\ntotal_inactive_file 0\n");
  EXPECT_DOUBLE_EQ(read_memory_room(invented.files())->bytes, 2 * mib);
}

TEST(MemoryRoom, is_unknown_where_nothing_tells_and_never_negative) {
  InventedFiles invented;
  EXPECT_FALSE(read_memory_room(invented.files()).known());
  invented.with("/proc/self/mountinfo", v2_mount)
      .with("/proc/self/cgroup", "0::/box\n")
      .with("/sys/fs/cgroup/box/memory.max", "1\n")
      .with("/sys/fs/cgroup/box/memory.current", "2\n");
  EXPECT_DOUBLE_EQ(read_memory_room(invented.files())->bytes, 0);
}

TEST(OomKills, are_those_of_the_own_group) {
  InventedFiles invented;
  invented.with("/proc/vmstat", "nr_free_pages 7\noom_kill 9\n")
      .with("/proc/self/mountinfo", v2_mount)
      .with("/proc/self/cgroup", "0::/slice/box\n")
      .with("/sys/fs/cgroup/slice/memory.events", "low 0\noom 5\noom_kill 4\n")
      .with("/sys/fs/cgroup/slice/box/memory.events", "low 0\noom 2\noom_kill 1\n");
  EXPECT_EQ(read_oom_kills(invented.files()).value(), 1);
}

TEST(OomKills, are_those_of_the_nearest_group_that_tells) {
  InventedFiles invented;
  invented.with("/proc/self/mountinfo", v2_mount)
      .with("/proc/self/cgroup", "0::/slice/box\n")
      .with("/sys/fs/cgroup/slice/memory.events", "oom_kill 4\n");
  EXPECT_EQ(read_oom_kills(invented.files()).value(), 4);
}

TEST(OomKills, are_counted_by_v1_and_by_the_machine) {
  InventedFiles v1;
  v1.with("/proc/self/mountinfo", v1_mount)
      .with("/proc/self/cgroup", "4:memory:/box\n")
      .with("/sys/fs/cgroup/memory/box/memory.oom_control", "oom_kill_disable 0\noom_kill 3\n");
  EXPECT_EQ(read_oom_kills(v1.files()).value(), 3);
  InventedFiles machine;
  EXPECT_FALSE(read_oom_kills(machine.files()).known());
  machine.with("/proc/vmstat", "oom_kill 9\n");
  EXPECT_EQ(read_oom_kills(machine.files()).value(), 9);
}

}  // namespace
}  // namespace lockbench
