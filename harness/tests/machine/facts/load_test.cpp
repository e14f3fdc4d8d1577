#include "harness/machine/facts/load.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/tests/machine/invented_files.hpp"

namespace lockbench {
namespace {

TEST(Load, averages_and_ticks_are_read) {
  InventedFiles invented;
  invented.with("/proc/loadavg", "0.50 1.25 2.00 3/467 12345\n")
      .with("/proc/uptime", "120.5 200.0\n")
      .with("/proc/stat", "cpu  10 1 5 100 4 1 2 7 3 0\ncpu0 1 1 1 1\n");
  const Load load = read_load(invented.files());
  EXPECT_EQ(load.load_1min.value(), 0.5);
  EXPECT_EQ(load.load_15min.value(), 2.0);
  EXPECT_EQ(load.runnable_tasks.value(), 3);
  EXPECT_EQ(load.uptime_s.value(), 120.5);
  EXPECT_EQ(load.steal_ticks.value(), 7);
  EXPECT_EQ(load.total_ticks.value(), 130) << "guest time is already within user time";
  EXPECT_EQ(load.busy_ticks.value(), 19);
}

TEST(Load, shares_are_of_the_ticks_that_passed) {
  Load before;
  before.busy_ticks = 100;
  before.steal_ticks = 10;
  before.total_ticks = 1000;
  Load after;
  after.busy_ticks = 150;
  after.steal_ticks = 30;
  after.total_ticks = 1200;
  const auto shares = shares_between(before, after);
  EXPECT_DOUBLE_EQ(shares->busy, 0.25);
  EXPECT_DOUBLE_EQ(shares->steal, 0.1);
  EXPECT_EQ(shares_between(after, after).reason(), "no tick passed between the two readings");
}

TEST(Load, missing_or_broken_files_are_reasons) {
  InventedFiles invented;
  const Load missing = read_load(invented.files());
  EXPECT_FALSE(missing.load_1min.known());
  EXPECT_FALSE(shares_between(missing, missing).known());
  invented.with("/proc/loadavg", "0.5\n").with("/proc/stat", "cpu 1 2\n").with("/proc/uptime", "");
  const Load broken = read_load(invented.files());
  EXPECT_EQ(broken.load_1min.value(), 0.5);
  EXPECT_FALSE(broken.load_5min.known());
  EXPECT_FALSE(broken.runnable_tasks.known());
  EXPECT_FALSE(broken.total_ticks.known());
  EXPECT_FALSE(broken.uptime_s.known());
}

TEST(Load, any_linux_tells_its_load) {
  const nlohmann::json load = read_load();
  EXPECT_TRUE(load.at("load_1min").is_number());
  EXPECT_TRUE(load.at("total_ticks").is_number());
}

}  // namespace
}  // namespace lockbench
