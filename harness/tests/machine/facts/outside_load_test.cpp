#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "harness/machine/facts/load.hpp"

namespace lockbench {
namespace {

constexpr double ticks_per_s = 100;

CpuTimes times(std::int64_t busy, std::int64_t steal, std::int64_t total, double own_s) {
  CpuTimes times;
  times.machine.busy_ticks = busy;
  times.machine.steal_ticks = steal;
  times.machine.total_ticks = total;
  times.own_s = own_s;
  return times;
}

OutsideLoad between(const CpuTimes& before, const CpuTimes& after) {
  return outside_load(before, after, ticks_per_s).value();
}

TEST(OutsideLoad, is_what_was_busy_and_not_ours) {
  // 1,000 ticks of 10 ms: 700 busy, of which 5 s = 500 ticks were ours.
  const OutsideLoad load = between(times(100, 0, 1000, 2), times(800, 30, 2000, 7));
  EXPECT_DOUBLE_EQ(load.others, 0.2);
  EXPECT_DOUBLE_EQ(load.steal, 0.03);
  EXPECT_GT(load.others_at_least, 0.15);
  EXPECT_LT(load.others_at_least, 0.2);
}

TEST(OutsideLoad, of_a_machine_that_works_for_us_alone_is_0) {
  const OutsideLoad load = between(times(0, 0, 0, 0), times(500, 0, 1000, 5));
  EXPECT_DOUBLE_EQ(load.others, 0);
  EXPECT_DOUBLE_EQ(load.others_at_least, 0);
}

TEST(OutsideLoad, is_never_negative_where_ticks_round_against_us) {
  const OutsideLoad load = between(times(0, 0, 0, 0), times(480, 0, 1000, 5));
  EXPECT_DOUBLE_EQ(load.others, 0);
}

TEST(OutsideLoad, of_a_few_ticks_is_not_called_certain) {
  // One window on two CPUs: three ticks, one of them not ours.
  const OutsideLoad few = between(times(0, 0, 0, 0), times(3, 0, 3, 0.02));
  EXPECT_NEAR(few.others, 1.0 / 3, 1e-9);
  EXPECT_LT(few.others_at_least, 0.05);
  const OutsideLoad many = between(times(0, 0, 0, 0), times(3000, 0, 3000, 20));
  EXPECT_GT(many.others_at_least, 0.3);
}

TEST(OutsideLoad, without_ticks_is_a_reason) {
  EXPECT_FALSE(outside_load(times(1, 0, 10, 0), times(1, 0, 10, 0), ticks_per_s).known());
  EXPECT_FALSE(outside_load(CpuTimes{}, CpuTimes{}, ticks_per_s).known());
}

/// Another process that uses a CPU from construction to destruction.
class BusyProcess {
public:
  BusyProcess() : id_(fork()) {
    if (id_ != 0) return;
    for (volatile std::uint64_t turns = 0;;) turns = turns + 1;
  }
  ~BusyProcess() {
    if (id_ <= 0) return;
    kill(id_, SIGKILL);
    waitpid(id_, nullptr, 0);
  }
  BusyProcess(const BusyProcess&) = delete;
  BusyProcess& operator=(const BusyProcess&) = delete;
  [[nodiscard]] bool runs() const { return id_ > 0; }

private:
  pid_t id_;
};

TEST(OutsideLoad, takes_our_work_for_ours_and_that_of_another_process_for_theirs) {
  constexpr std::chrono::milliseconds time{600};
  const CpuTimes start = cpu_times_now();
  for (const auto end = std::chrono::steady_clock::now() + time;
       std::chrono::steady_clock::now() < end;) {
  }
  const CpuTimes worked = cpu_times_now();
  const BusyProcess other;
  ASSERT_TRUE(other.runs());
  std::this_thread::sleep_for(time);
  const CpuTimes slept = cpu_times_now();
  EXPECT_GT(worked.own_s - start.own_s, 0.05);
  EXPECT_LT(slept.own_s - worked.own_s, 0.05);
  const auto load = outside_load(worked, slept);
  if (!load.known()) GTEST_SKIP() << load.reason();
  const auto cpus = static_cast<double>(sysconf(_SC_NPROCESSORS_ONLN));
  EXPECT_GT(load->others, 0.4 / cpus) << "one CPU was busy with the other";
}

}  // namespace
}  // namespace lockbench
