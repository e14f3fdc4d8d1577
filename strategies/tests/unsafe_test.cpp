/// `unsafe` is there to show what happens without a lock, so it has to happen.

#include "strategies/unsafe.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <random>
#include <thread>
#include <vector>

#include "strategies/tests/printers.hpp"
#include "strategies/tests/test_scale.hpp"

namespace lockbench {
namespace {

using namespace std::chrono_literals;
using testing_support::after;
using testing_support::eventually;

struct Seen {
  std::size_t handed_out_twice;
  std::size_t added;
  std::size_t taken;
  std::size_t left;
};

/// Moves tasks on from two threads for `time`, beginning at the same moment.
Seen race_for(std::chrono::milliseconds time) {
  constexpr unsigned racers = 2;
  UnsafeTaskQueue queue{{.capacity = 4096, .payload_bytes = 0}};
  std::vector<std::vector<TaskId>> taken(racers);
  std::vector<TaskId> added(racers);
  std::atomic<unsigned> ready{0};
  const auto race = [&](unsigned racer) {
    ++ready;
    while (ready < racers) std::this_thread::yield();
    for (const auto end = after(time); std::chrono::steady_clock::now() < end;) {
      const TaskId id = (TaskId{racer} << 40U) | added[racer];
      added[racer] += queue.add_task(id, 0, {}) == AddResult::added;
      if (const auto task = queue.try_get_next_task()) {
        taken[racer].push_back(task->id);
        (void)queue.complete_task(task->id);
        (void)queue.forget_task(task->id);
      }
    }
  };
  std::thread other{race, 1U};
  race(0);
  other.join();

  auto all = taken[0];
  all.insert(all.end(), taken[1].begin(), taken[1].end());
  const std::size_t count = all.size();
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return {count - all.size(), added[0] + added[1], count, queue.size()};
}

TEST(UnsafeTaskQueueTest, hands_a_task_to_two_threads) {
  EXPECT_TRUE(eventually([] { return race_for(10ms).handed_out_twice > 0; }));
}

TEST(UnsafeTaskQueueTest, loses_or_invents_tasks) {
  EXPECT_TRUE(eventually([] {
    const auto seen = race_for(10ms);
    const auto distinct = seen.taken - seen.handed_out_twice;
    return distinct + seen.left != seen.added;
  }));
}

TEST(UnsafeTaskQueueTest, threads_ruin_its_data_but_not_the_program) {
  UnsafeTaskQueue queue{{.capacity = 32, .payload_bytes = 4}};
  const std::array<std::byte, 4> payload{};
  std::vector<std::thread> threads;
  for (unsigned seed = 1; seed <= 4; ++seed) {
    threads.emplace_back([&queue, &payload, seed] {
      std::minstd_rand random{seed};
      for (int call = 0; call < 20'000; ++call) {
        const TaskId id = random() % 64;
        (void)queue.add_task(id, static_cast<int>(random() % 4), payload);
        if (const auto task = queue.try_get_next_task()) {
          EXPECT_LE(std::vector(task->payload.begin(), task->payload.end()).size(), 4U);
          (void)queue.complete_task(task->id);
          (void)queue.forget_task(task->id);
        }
        if (random() % 4 == 0) (void)queue.cancel_task(id);
        if (random() % 4 == 0) (void)queue.forget_task(id);
        (void)queue.get_status(id);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  queue.shutdown(ShutdownMode::discard);
  EXPECT_EQ(queue.add_task(1, 1, {}), AddResult::shut_down);
}

/// Forgotten records stay in the way of searches; with enough of them, no search ends early.
TEST(UnsafeTaskQueueTest, answers_when_no_record_is_unused) {
  UnsafeTaskQueue queue{{.capacity = 8, .payload_bytes = 0}};
  std::minstd_rand random{5};
  for (TaskId id = 0; id < 100'000; ++id) {
    ASSERT_EQ(queue.add_task(id * 0x9e37, 0, {}), AddResult::added);
    ASSERT_EQ(queue.get_status(id * 0x9e37 + 1), TaskStatus::unknown);
    if (queue.size() < 8 && random() % 2 == 0) continue;
    const auto task = queue.try_get_next_task();
    ASSERT_TRUE(task);
    ASSERT_EQ(queue.complete_task(task->id), Transition::ok);
    ASSERT_EQ(queue.forget_task(task->id), Transition::ok);
  }
  EXPECT_EQ(queue.outstanding(), queue.size());
}

TEST(UnsafeTaskQueueTest, join_gives_up_on_what_never_ends) {
  UnsafeTaskQueue queue{{.capacity = 8}};
  ASSERT_EQ(queue.add_task(1, 0, {}), AddResult::added);
  queue.join();
  EXPECT_EQ(queue.size(), 1U);
}

}  // namespace
}  // namespace lockbench
