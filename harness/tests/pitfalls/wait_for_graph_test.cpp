#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "harness/pitfalls/watched_locks.hpp"

namespace lockbench {
namespace {

using Cycle = std::vector<Stuck>;

TEST(WaitForGraphTest, two_threads_that_wait_for_each_other_are_a_cycle) {
  WaitForGraph graph(2, 2);
  graph.set_holder(0, 0);
  graph.set_holder(1, 1);
  graph.set_awaited(0, 1);
  EXPECT_EQ(graph.find_cycle(), Cycle{}) << "thread 2 still runs";
  graph.set_awaited(1, 0);
  EXPECT_EQ(graph.find_cycle(), (Cycle{{.thread = 0, .holds = 0, .waits_for = 1},
                                       {.thread = 1, .holds = 1, .waits_for = 0}}));
}

TEST(WaitForGraphTest, a_queue_for_one_lock_is_no_cycle) {
  WaitForGraph graph(4, 1);
  graph.set_holder(0, 3);
  for (std::size_t thread = 0; thread < 3; ++thread) graph.set_awaited(thread, 0);
  EXPECT_EQ(graph.find_cycle(), Cycle{});
}

TEST(WaitForGraphTest, a_thread_that_waits_for_its_own_lock_is_a_cycle) {
  WaitForGraph graph(1, 1);
  graph.set_holder(0, 0);
  graph.set_awaited(0, 0);
  EXPECT_EQ(graph.find_cycle(), (Cycle{{.thread = 0, .holds = 0, .waits_for = 0}}));
}

TEST(WaitForGraphTest, a_thread_that_waits_for_a_cycle_is_not_in_it) {
  WaitForGraph graph(4, 3);
  // Thread 1 waits for A; 2, 3 and 4 hold A, B and C in a ring.
  graph.set_awaited(0, 0);
  for (std::size_t lock = 0; lock < 3; ++lock) {
    graph.set_holder(lock, lock + 1);
    graph.set_awaited(lock + 1, (lock + 1) % 3);
  }
  EXPECT_EQ(graph.find_cycle(), (Cycle{{.thread = 1, .holds = 0, .waits_for = 1},
                                       {.thread = 2, .holds = 1, .waits_for = 2},
                                       {.thread = 3, .holds = 2, .waits_for = 0}}));
}

TEST(WaitForGraphTest, a_lock_that_was_let_go_opens_the_cycle) {
  WaitForGraph graph(2, 2);
  for (std::size_t i = 0; i < 2; ++i) {
    graph.set_holder(i, i);
    graph.set_awaited(i, 1 - i);
  }
  ASSERT_NE(graph.find_cycle(), Cycle{});
  graph.set_holder(1, std::nullopt);
  EXPECT_EQ(graph.find_cycle(), Cycle{});
}

TEST(WaitForGraphTest, a_cycle_reads_like_this) {
  EXPECT_EQ(to_text({{.thread = 0, .holds = 0, .waits_for = 1},
                     {.thread = 1, .holds = 1, .waits_for = 0}}),
            "thread 1 holds A and waits for B, thread 2 holds B and waits for A");
}

TEST(WatchedLocksTest, a_real_deadlock_is_seen_and_ends_when_it_is_broken) {
  pitfalls::WatchedLocks locks(2, 2);
  std::atomic<int> broken{0};
  {
    std::vector<std::jthread> crew;
    pitfalls::StartGate both_hold_one(2);
    for (std::size_t thread = 0; thread < 2; ++thread) {
      crew.emplace_back([&, thread] {
        locks.lock(thread, thread);
        both_hold_one.arrive_and_wait();
        try {
          locks.lock(thread, 1 - thread);
        } catch (const pitfalls::DeadlockBroken&) {
          ++broken;
        }
      });
    }
    while (locks.find_cycle().empty()) std::this_thread::yield();
    EXPECT_EQ(broken, 0);
    locks.break_deadlock();
  }
  EXPECT_EQ(broken, 2);
}

TEST(WatchedLocksTest, a_lock_is_had_by_one_thread_at_a_time) {
  pitfalls::WatchedLocks locks(2, 1);
  std::atomic<int> inside{0};
  std::atomic<bool> met{false};
  pitfalls::run_together(2, [&](std::uint32_t thread) {
    pitfalls::WatchedLock lock(locks, thread, 0);
    for (int i = 0; i < 2000; ++i) {
      const std::scoped_lock guard(lock);
      if (++inside > 1) met = true;
      --inside;
    }
  });
  EXPECT_FALSE(met);
}

TEST(WatchedLocksTest, a_timeout_ends_a_wait_in_vain) {
  pitfalls::WatchedLocks locks(2, 1);
  ASSERT_TRUE(locks.try_lock(0, 0));
  EXPECT_FALSE(locks.try_lock(1, 0));
  EXPECT_FALSE(locks.try_lock_for(1, 0, std::chrono::milliseconds(1)));
  locks.unlock(0);
  EXPECT_TRUE(locks.try_lock_for(1, 0, std::chrono::milliseconds(1)));
}

}  // namespace
}  // namespace lockbench
