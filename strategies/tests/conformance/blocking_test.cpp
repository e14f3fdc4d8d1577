/// `get_next_task`: deadlines that hold, and wake-ups that are not lost.

#include <algorithm>
#include <atomic>
#include <memory>
#include <random>
#include <vector>

#include "strategies/tests/conformance/conformance.hpp"
#include "strategies/tests/crew.hpp"

namespace lockbench::testing_support {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

template <class Q>
struct Deadlines : WatchedTest {};
TYPED_TEST_SUITE(Deadlines, StoringStrategies, StrategyName);

TYPED_TEST(Deadlines, a_queued_task_is_handed_out_whatever_the_deadline) {
  TypeParam queue{limits};
  const auto start = steady_clock::now();
  TaskId id = 0;
  for (const auto deadline :
       {Deadline::min(), Deadline{}, start - 1h, start, start + 24h, Deadline::max()}) {
    ASSERT_EQ(queue.add_task(++id, 7, bytes_of("work")), AddResult::added);
    const auto result = queue.get_next_task(deadline);
    ASSERT_EQ(result.outcome, TakeOutcome::task);
    EXPECT_EQ(result.task.id, id);
    EXPECT_EQ(result.task.priority, 7);
    EXPECT_EQ(text_of(result.task.payload), "work");
    EXPECT_EQ(queue.get_status(id), TaskStatus::processing);
  }
  EXPECT_LT(steady_clock::now() - start, patience);
}

TYPED_TEST(Deadlines, an_empty_queue_times_out_at_once_when_the_deadline_has_passed) {
  TypeParam queue{limits};
  const auto start = steady_clock::now();
  for (const auto deadline : {Deadline::min(), Deadline{}, start - 1h, start}) {
    EXPECT_EQ(queue.get_next_task(deadline).outcome, TakeOutcome::timed_out);
  }
  EXPECT_LT(steady_clock::now() - start, lateness_bound);
}

TYPED_TEST(Deadlines, a_wait_ends_at_its_deadline_not_before_and_not_much_later) {
  TypeParam queue{limits};
  for (const auto wait : {1us, 100us, 1000us, 20'000us, 100'000us}) {
    const auto deadline = after(wait);
    EXPECT_EQ(queue.get_next_task(deadline).outcome, TakeOutcome::timed_out);
    const auto lateness = steady_clock::now() - deadline;
    EXPECT_GE(lateness, 0ns);
    EXPECT_LT(lateness, lateness_bound);
  }
}

TYPED_TEST(Deadlines, a_cancelled_task_does_not_end_a_wait) {
  TypeParam queue{limits};
  ASSERT_TRUE(add(queue, 1));
  ASSERT_EQ(queue.cancel_task(1), Transition::ok);
  const auto deadline = after(20ms);
  EXPECT_EQ(queue.get_next_task(deadline).outcome, TakeOutcome::timed_out);
  EXPECT_GE(steady_clock::now(), deadline);
}

TYPED_TEST(Deadlines, a_timed_out_wait_leaves_the_queue_as_it_was) {
  TypeParam queue{limits};
  for (TaskId id = 1; id <= 20; ++id) {
    EXPECT_EQ(queue.get_next_task(after(10us)).outcome, TakeOutcome::timed_out);
    ASSERT_TRUE(add(queue, id));
    EXPECT_EQ(queue.size(), 1U);
    ASSERT_EQ(take(queue), id);
  }
}

template <class Q>
struct Waiting : WatchedTest {};
TYPED_TEST_SUITE(Waiting, ThreadSafeStrategies, StrategyName);

/// A pause of up to 300 µs, so that rounds meet a thread before, while and after it falls asleep.
void dither(std::minstd_rand& draw) {
  if (draw() % 2 == 0) std::this_thread::sleep_for(std::chrono::microseconds{draw() % 300});
}

TYPED_TEST(Waiting, ends_when_a_task_is_added) {
  TypeParam queue{limits};
  for (const auto deadline : {far_ahead(), Deadline::max()}) {
    std::atomic<bool> handed_out{false};
    std::jthread waiter{[&] {
      const auto result = queue.get_next_task(deadline);
      EXPECT_EQ(result.outcome, TakeOutcome::task);
      EXPECT_EQ(result.task.id, 1U);
      handed_out = true;
    }};
    std::this_thread::sleep_for(5ms);  // most likely it sleeps by now; right either way
    EXPECT_FALSE(handed_out);
    ASSERT_TRUE(add(queue, 1));
    waiter.join();
    EXPECT_TRUE(finish(queue, 1));
  }
}

TYPED_TEST(Waiting, is_ended_by_the_add_itself_and_not_by_a_look_now_and_then) {
  // Strategies may look again every 100 ms for safety. The median, because single wake-ups are
  // late on a loaded machine.
  TypeParam queue{limits};
  std::array<steady_clock::duration, 11> latencies{};
  for (auto& latency : latencies) {
    steady_clock::time_point woken;
    std::jthread waiter{[&] {
      EXPECT_EQ(queue.get_next_task(far_ahead()).outcome, TakeOutcome::task);
      woken = steady_clock::now();
    }};
    std::this_thread::sleep_for(3ms);
    const auto added = steady_clock::now();
    ASSERT_TRUE(add(queue, 1));
    waiter.join();
    latency = woken - added;
    ASSERT_TRUE(finish(queue, 1));
  }
  std::sort(latencies.begin(), latencies.end());
  EXPECT_LT(latencies[latencies.size() / 2], 70ms);
}

TYPED_TEST(Waiting, stolen_wake_ups_do_not_put_off_the_deadline) {
  // Every few ms a task is added, which wakes the waiter, and is gone before it can be taken. A
  // wait that starts anew at each wake-up would outlast its deadline by as long as this goes on.
  TypeParam queue{limits};
  std::atomic<bool> waits{true};
  const auto deadline = after(100ms);
  std::jthread thief{[&] {
    const auto give_up = deadline + lateness_bound + 1s;
    for (TaskId id = 1; waits && steady_clock::now() < give_up; ++id) {
      ASSERT_TRUE(add(queue, id));
      if (queue.cancel_task(id) == Transition::ok) {
        EXPECT_EQ(queue.forget_task(id), Transition::ok);
      }
      std::this_thread::sleep_for(5ms);
      // Frees the places of cancelled tasks, where a strategy keeps them until their turn.
      if (const auto late = take(queue)) {
        EXPECT_TRUE(finish(queue, *late));
      }
    }
  }};
  auto result = queue.get_next_task(deadline);
  while (result.outcome == TakeOutcome::task) {  // was quicker than the thief
    EXPECT_TRUE(finish(queue, result.task.id));
    result = queue.get_next_task(deadline);
  }
  const auto lateness = steady_clock::now() - deadline;
  waits = false;
  EXPECT_EQ(result.outcome, TakeOutcome::timed_out);
  EXPECT_GE(lateness, 0ns);
  EXPECT_LT(lateness, lateness_bound);
}

TYPED_TEST(Waiting, each_of_many_waiters_gets_one_of_many_tasks) {
  constexpr unsigned waiters = 8;
  TypeParam queue{limits};
  std::minstd_rand draw{7};
  for (std::uint64_t round = 0; round < scaled(60); ++round) {
    std::array<std::atomic<int>, waiters> handed_out{};
    {
      std::vector<std::jthread> threads;
      for (unsigned i = 0; i < waiters; ++i) {
        threads.emplace_back([&] {
          const auto result = queue.get_next_task(far_ahead());
          ASSERT_EQ(result.outcome, TakeOutcome::task);
          ++handed_out.at(result.task.id);
        });
      }
      dither(draw);
      for (TaskId id = 0; id < waiters; ++id) ASSERT_TRUE(add(queue, id));
    }
    for (TaskId id = 0; id < waiters; ++id) {
      ASSERT_EQ(handed_out.at(id), 1);
      ASSERT_TRUE(finish(queue, id));
    }
  }
}

TYPED_TEST(Waiting, no_wake_up_is_lost_between_two_threads_that_wait_for_each_other) {
  const auto rounds = scaled(3'000);
  std::array queues{std::make_unique<TypeParam>(limits), std::make_unique<TypeParam>(limits)};
  together(2, [&](unsigned self) {
    std::minstd_rand draw{self + 1};
    auto& mine = *queues.at(self);
    auto& theirs = *queues.at(1 - self);
    for (TaskId round = 0; round < rounds; ++round) {
      if (self == 0) {
        ASSERT_TRUE(add(theirs, round));
      }
      const auto result = mine.get_next_task(far_ahead());
      ASSERT_EQ(result.outcome, TakeOutcome::task) << "wake-up lost in round " << round;
      ASSERT_EQ(result.task.id, round);
      ASSERT_TRUE(finish(mine, round));
      if (round % 16 == 0) dither(draw);
      if (self == 1) {
        ASSERT_TRUE(add(theirs, round));
      }
    }
  });
}

TYPED_TEST(Waiting, no_wake_up_is_lost_among_many_producers_and_waiters) {
  constexpr unsigned pairs = 3;
  const auto per_thread = scaled(3'000);
  TypeParam queue{limits};
  together(2 * pairs, [&](unsigned self) {
    if (self < pairs) {  // small steps, so that waiters often find the queue empty
      for (TaskId i = 0; i < per_thread; ++i) {
        ASSERT_TRUE(eventually([&] { return add(queue, self * per_thread + i); }));
      }
      return;
    }
    for (TaskId i = 0; i < per_thread; ++i) {
      const auto result = queue.get_next_task(far_ahead());
      ASSERT_EQ(result.outcome, TakeOutcome::task) << "wake-up lost";
      ASSERT_TRUE(finish(queue, result.task.id));
    }
  });
  EXPECT_EQ(queue.size(), 0U);
}

TYPED_TEST(Waiting, waits_that_time_out_beside_others_lose_no_task) {
  // A waiter whose deadline passes just as it is woken must not take the wake-up with it.
  const auto rounds = scaled(2'000);
  TypeParam queue{limits};
  std::atomic<bool> works{true};
  std::jthread impatient{[&] {
    while (works) {
      const auto result = queue.get_next_task(after(30us));
      if (result.outcome == TakeOutcome::task) {
        EXPECT_TRUE(finish(queue, result.task.id));
      }
    }
  }};
  std::jthread patient{[&] {
    for (;;) {
      const auto result = queue.get_next_task(far_ahead());
      if (result.outcome == TakeOutcome::shut_down) return;
      ASSERT_EQ(result.outcome, TakeOutcome::task);
      EXPECT_TRUE(finish(queue, result.task.id));
    }
  }};
  for (TaskId id = 1; id <= rounds; ++id) {
    ASSERT_TRUE(add(queue, id));
    ASSERT_TRUE(eventually([&] { return queue.get_status(id) == TaskStatus::unknown; }))
        << "task " << id << " was left lying";
  }
  works = false;
  queue.shutdown(ShutdownMode::drain);
}

}  // namespace
}  // namespace lockbench::testing_support
