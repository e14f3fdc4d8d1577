/// Counts in shards: exact when idle, never zero by accident while they change, and closed for all at
/// once.

#include "strategies/storage/task_counts.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <cstdint>
#include <optional>
#include <thread>

#include "strategies/tests/crew.hpp"
#include "strategies/tests/test_scale.hpp"
#include "strategies/tests/watchdog.hpp"

namespace lockbench::testing_support {
namespace {

struct TaskCountsTest : WatchedTest {
  TaskCounts counts;
};

TEST_F(TaskCountsTest, follow_a_task_whichever_threads_lead_it) {
  const auto elsewhere = [](auto&& step) { std::jthread{step}; };
  EXPECT_TRUE(counts.is_idle());
  elsewhere([&] { EXPECT_TRUE(counts.begin_add()); });
  EXPECT_TRUE(counts.begin_add());
  EXPECT_EQ(counts.queued(), 2U);
  counts.taken();
  EXPECT_EQ(counts.queued(), 1U);
  elsewhere([&] { counts.removed_from_queue(); });
  EXPECT_EQ(counts.queued(), 0U);
  EXPECT_FALSE(counts.is_idle()) << "one is processing";
  elsewhere([&] { counts.completed(); });
  EXPECT_TRUE(counts.is_idle());
}

TEST_F(TaskCountsTest, are_exact_after_more_threads_than_have_a_shard) {
  constexpr unsigned many = 100;
  const auto turns = scaled(1'000);
  std::barrier all_live{many};
  together(many, [&](unsigned member) {
    (void)ThreadIndex::mine();
    all_live.arrive_and_wait();
    for (std::uint64_t turn = 0; turn < turns; ++turn) {
      (void)counts.begin_add();
      if (member % 2 == 0) counts.removed_from_queue();
    }
  });
  EXPECT_EQ(counts.queued(), turns * many / 2);
}

TEST_F(TaskCountsTest, refuse_and_count_nothing_once_closed) {
  ASSERT_TRUE(counts.begin_add());
  EXPECT_FALSE(counts.is_closed());
  EXPECT_TRUE(counts.close());
  EXPECT_FALSE(counts.close()) << "only the first closes";
  EXPECT_TRUE(counts.is_closed());
  EXPECT_FALSE(counts.begin_add());
  EXPECT_EQ(counts.queued(), 1U);
}

TEST_F(TaskCountsTest, never_miss_what_is_there_throughout_while_others_come_and_go) {
  constexpr std::uint64_t there = 1;
  for (std::uint64_t i = 0; i < there; ++i) ASSERT_TRUE(counts.begin_add());
  std::atomic<unsigned> moving{3};
  std::atomic<std::uint64_t> missed{0};
  const auto turns = scaled(1'000'000);
  together(4, [&](unsigned member) {
    if (member > 0) {
      // One comes before it goes. Sums in the other order would miss what comes between them.
      for (std::uint64_t turn = 0; turn < turns; ++turn) {
        (void)counts.begin_add();
        counts.taken();
        counts.completed();
      }
      --moving;
      return;
    }
    while (moving != 0) {
      if (counts.is_idle() || counts.queued() < there) ++missed;
    }
  });
  EXPECT_EQ(missed, 0U);
  EXPECT_EQ(counts.queued(), there);
}

TEST_F(TaskCountsTest, whoever_sees_them_closed_sees_every_add_that_was_not_refused) {
  std::optional<TaskCounts> shared;
  bool accepted = false;
  std::size_t seen = 0;
  std::uint64_t strays = 0;
  const auto judge_and_open = [&](std::uint64_t round) {
    if (round > 0 && accepted && seen == 0) ++strays;
    shared.emplace();
  };
  (void)in_rounds(scaled(100'000), 2, judge_and_open, [&](std::uint64_t, unsigned member) {
    if (member == 0) {
      accepted = shared->begin_add();
    } else {
      (void)shared->close();
      seen = shared->queued();
    }
  });
  EXPECT_EQ(strays, 0U);
}

}  // namespace
}  // namespace lockbench::testing_support
