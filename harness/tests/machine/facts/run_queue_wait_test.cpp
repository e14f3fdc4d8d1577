#include "harness/machine/facts/run_queue_wait.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <ctime>
#include <optional>
#include <string>
#include <thread>

#include "harness/machine/facts/topology.hpp"
#include "harness/machine/probes/pinned_pair.hpp"
#include "harness/tests/machine/invented_files.hpp"

namespace lockbench {
namespace {

using Clock = std::chrono::steady_clock;

void keep_busy(Clock::duration time) {
  const auto end = Clock::now() + time;
  while (Clock::now() < end) continue;
}

double thread_cpu_s() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

double share_waited(const RunQueueWait& wait, Clock::duration busy) {
  const auto start = Clock::now();
  const auto before = wait.read_ns();
  keep_busy(busy);
  const auto after = wait.read_ns();
  const double passed_ns = std::chrono::duration<double, std::nano>(Clock::now() - start).count();
  return static_cast<double>(*after - *before) / passed_ns;
}

TEST(RunQueueWait, is_the_second_of_three_numbers) {
  EXPECT_EQ(parse_run_queue_wait_ns("3983622 15021100 2\n").value(), 15021100);
  EXPECT_EQ(parse_run_queue_wait_ns("3983622 0 1").value(), 0);
}

TEST(RunQueueWait, of_a_kernel_that_keeps_no_account_is_unknown_and_not_0) {
  EXPECT_FALSE(parse_run_queue_wait_ns("0 0 0\n").known());
}

TEST(RunQueueWait, of_a_broken_file_is_unknown) {
  for (const char* text : {"", "1", "1 2", "1 x 3", "no 1 2"}) {
    EXPECT_FALSE(parse_run_queue_wait_ns(text).known()) << text;
  }
}

TEST(RunQueueWait, without_its_file_says_so_and_stays_empty) {
  const InventedFiles none;
  const RunQueueWait wait(none.files());
  EXPECT_NE(wait.unavailable().find("schedstat"), std::string::npos);
  EXPECT_EQ(wait.read_ns(), std::nullopt);
}

TEST(RunQueueWait, where_the_kernel_keeps_no_account_says_so_and_stays_empty) {
  InventedFiles invented;
  invented.with("/proc/thread-self/schedstat", "0 0 0\n");
  const RunQueueWait wait(invented.files());
  EXPECT_NE(wait.unavailable().find("no such account"), std::string::npos);
  EXPECT_EQ(wait.read_ns(), std::nullopt);
}

TEST(RunQueueWait, is_read_anew_each_time) {
  InventedFiles invented;
  invented.with("/proc/thread-self/schedstat", "10 20 1\n");
  const RunQueueWait wait(invented.files());
  EXPECT_EQ(wait.read_ns(), 20);
  invented.with("/proc/thread-self/schedstat", "10 500 1\n");
  EXPECT_EQ(wait.read_ns(), 500);
}

TEST(RunQueueWait, of_a_thread_that_ended_is_empty) {
  std::optional<RunQueueWait> wait;
  std::jthread([&] { wait.emplace(); }).join();
  if (!wait->unavailable().empty()) GTEST_SKIP() << wait->unavailable();
  // The kernel forgets a thread a moment after it was joined.
  const auto deadline = Clock::now() + std::chrono::seconds(10);
  while (wait->read_ns() && Clock::now() < deadline) std::this_thread::yield();
  EXPECT_EQ(wait->read_ns(), std::nullopt);
}

TEST(RunQueueWait, is_half_of_the_time_beside_one_busy_competitor_on_the_same_cpu) {
  const Topology topology = read_topology();
  ASSERT_FALSE(topology.cpus.empty());
  const int cpu = topology.cpus.back().os_index;
  std::atomic<bool> done{false};
  std::string unavailable;
  double beside_competitor = 0;
  const auto compete = [&] {
    while (!done.load(std::memory_order_relaxed)) continue;
  };
  const auto measure = [&] {
    const RunQueueWait wait;
    unavailable = wait.unavailable();
    if (unavailable.empty()) beside_competitor = share_waited(wait, std::chrono::seconds(1));
    done.store(true, std::memory_order_relaxed);
  };
  const std::string failure = run_pinned_pair(cpu, measure, cpu, compete);
  if (!failure.empty()) GTEST_SKIP() << failure;
  if (!unavailable.empty()) GTEST_SKIP() << unavailable;
  // Other programs on this CPU take their share, too: then it is more than half.
  EXPECT_GT(beside_competitor, 0.35);
  EXPECT_LT(beside_competitor, 0.97);
}

TEST(RunQueueWait, of_a_sleeping_thread_stays_near_0) {
  const RunQueueWait wait;
  if (!wait.unavailable().empty()) GTEST_SKIP() << wait.unavailable();
  const auto before = wait.read_ns();
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_LT(*wait.read_ns() - *before, 100'000'000) << "sleeping is not waiting for a CPU";
}

TEST(RunQueueWait, of_a_busy_thread_is_no_more_than_what_its_cpu_time_lacks_of_the_time) {
  // Near 0 on a quiet machine, and true on a busy one, too.
  const RunQueueWait wait;
  if (!wait.unavailable().empty()) GTEST_SKIP() << wait.unavailable();
  const auto start = Clock::now();
  const double cpu_before_s = thread_cpu_s();
  const double waited = share_waited(wait, std::chrono::milliseconds(300));
  const double cpu_s = thread_cpu_s() - cpu_before_s;
  const double passed_s = std::chrono::duration<double>(Clock::now() - start).count();
  EXPECT_LE(waited, 1 - cpu_s / passed_s + 0.05);
}

}  // namespace
}  // namespace lockbench
