/// `join`: returns when nothing is queued or processing, whichever way the tasks ended.

#include <algorithm>
#include <atomic>
#include <functional>
#include <vector>

#include "strategies/tests/conformance/conformance.hpp"
#include "strategies/tests/crew.hpp"

namespace lockbench::testing_support {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

template <class Q>
struct JoinAlone : WatchedTest {};
TYPED_TEST_SUITE(JoinAlone, StoringStrategies, StrategyName);

TYPED_TEST(JoinAlone, returns_at_once_from_a_fresh_queue) {
  TypeParam queue{limits};
  queue.join();
}

TYPED_TEST(JoinAlone, returns_at_once_when_every_task_has_ended) {
  TypeParam queue{limits};
  ASSERT_TRUE(add(queue, 1));
  ASSERT_EQ(take(queue), 1U);
  ASSERT_EQ(queue.complete_task(1), Transition::ok);
  queue.join();  // completed, not forgotten
  ASSERT_TRUE(add(queue, 2));
  ASSERT_EQ(queue.cancel_task(2), Transition::ok);
  queue.join();  // cancelled, not forgotten
  ASSERT_EQ(queue.forget_task(1), Transition::ok);
  ASSERT_EQ(queue.forget_task(2), Transition::ok);
  queue.join();
}

TYPED_TEST(JoinAlone, is_not_misled_by_refused_calls) {
  TypeParam queue{{.capacity = 1, .payload_bytes = 4}};
  ASSERT_EQ(queue.add_task(1, 0, bytes_of("too long")), AddResult::full);
  queue.join();
  ASSERT_TRUE(add(queue, 1));
  ASSERT_NE(queue.add_task(1, 0, {}), AddResult::added);
  ASSERT_EQ(queue.add_task(2, 0, {}), AddResult::full);
  ASSERT_EQ(queue.complete_task(1), Transition::wrong_state);
  ASSERT_EQ(take(queue), 1U);
  ASSERT_EQ(queue.cancel_task(1), Transition::wrong_state);
  ASSERT_EQ(queue.complete_task(1), Transition::ok);
  queue.join();
}

TYPED_TEST(JoinAlone, returns_after_a_shutdown_that_discarded_what_was_queued) {
  TypeParam queue{limits};
  for (TaskId id = 1; id <= 10; ++id) ASSERT_TRUE(add(queue, id));
  queue.shutdown(ShutdownMode::discard);
  queue.join();
}

template <class Q>
struct Join : WatchedTest {};
TYPED_TEST_SUITE(Join, ThreadSafeStrategies, StrategyName);

/// Expects `join` to wait until `release`, called when `queue` has outstanding tasks, is done.
void check_join_waits_for(TaskQueue auto& queue, const std::function<void()>& release) {
  std::atomic<bool> returned{false};
  std::jthread joiner{[&] {
    queue.join();
    returned = true;
  }};
  std::this_thread::sleep_for(10ms);  // gives a wrong join the time to show itself
  EXPECT_FALSE(returned);
  release();
  EXPECT_TRUE(eventually([&] { return returned.load(); }));
}

TYPED_TEST(Join, waits_for_a_queued_task) {
  TypeParam queue{limits};
  ASSERT_TRUE(add(queue, 1));
  check_join_waits_for(queue, [&] {
    EXPECT_EQ(take(queue), 1U);
    EXPECT_EQ(queue.complete_task(1), Transition::ok);
  });
}

TYPED_TEST(Join, waits_for_a_processing_task) {
  TypeParam queue{limits};
  ASSERT_TRUE(add(queue, 1));
  ASSERT_EQ(take(queue), 1U);
  check_join_waits_for(queue, [&] { EXPECT_EQ(queue.complete_task(1), Transition::ok); });
}

TYPED_TEST(Join, waits_for_the_last_of_several_tasks) {
  TypeParam queue{limits};
  for (TaskId id = 1; id <= 3; ++id) ASSERT_TRUE(add(queue, id));
  const auto first = take(queue);
  const auto second = take(queue);
  ASSERT_TRUE(first && second);
  ASSERT_EQ(queue.complete_task(*first), Transition::ok);
  ASSERT_EQ(queue.cancel_task(6 - *first - *second), Transition::ok);
  check_join_waits_for(queue, [&] { EXPECT_EQ(queue.complete_task(*second), Transition::ok); });
}

TYPED_TEST(Join, returns_when_the_last_task_is_cancelled) {
  TypeParam queue{limits};
  ASSERT_TRUE(add(queue, 1));
  check_join_waits_for(queue, [&] { EXPECT_EQ(queue.cancel_task(1), Transition::ok); });
}

TYPED_TEST(Join, returns_when_the_last_tasks_are_discarded) {
  TypeParam queue{limits};
  for (TaskId id = 1; id <= 5; ++id) ASSERT_TRUE(add(queue, id));
  check_join_waits_for(queue, [&] { queue.shutdown(ShutdownMode::discard); });
}

TYPED_TEST(Join, waits_for_processing_tasks_after_a_discard) {
  TypeParam queue{limits};
  for (TaskId id = 1; id <= 5; ++id) ASSERT_TRUE(add(queue, id));
  const auto taken = take(queue);
  ASSERT_TRUE(taken);
  queue.shutdown(ShutdownMode::discard);
  check_join_waits_for(queue, [&] { EXPECT_EQ(queue.complete_task(*taken), Transition::ok); });
}

TYPED_TEST(Join, waits_for_queued_tasks_after_a_drain) {
  TypeParam queue{limits};
  ASSERT_TRUE(add(queue, 1));
  queue.shutdown(ShutdownMode::drain);
  check_join_waits_for(queue, [&] {
    EXPECT_EQ(take(queue), 1U);
    EXPECT_EQ(queue.complete_task(1), Transition::ok);
  });
}

TYPED_TEST(Join, releases_every_joiner) {
  TypeParam queue{limits};
  ASSERT_TRUE(add(queue, 1));
  ASSERT_EQ(take(queue), 1U);
  std::atomic<int> returned{0};
  std::vector<std::jthread> joiners;
  for (int i = 0; i < 4; ++i) {
    joiners.emplace_back([&] {
      queue.join();
      ++returned;
    });
  }
  std::this_thread::sleep_for(5ms);  // so that some have fallen asleep
  EXPECT_EQ(returned, 0);
  ASSERT_EQ(queue.complete_task(1), Transition::ok);
  EXPECT_TRUE(eventually([&] { return returned == 4; }));
}

TYPED_TEST(Join, is_ended_by_the_last_task_itself_and_not_by_a_look_now_and_then) {
  // Strategies may look again every 100 ms for safety. The median, because single wake-ups are
  // late on a loaded machine.
  TypeParam queue{limits};
  std::array<steady_clock::duration, 11> latencies{};
  for (std::size_t round = 0; round < latencies.size(); ++round) {
    ASSERT_TRUE(add(queue, round));
    steady_clock::time_point joined;
    std::jthread joiner{[&] {
      queue.join();
      joined = steady_clock::now();
    }};
    std::this_thread::sleep_for(3ms);
    if (round % 2 == 0) {
      ASSERT_EQ(take(queue), round);
    }
    const auto ended = steady_clock::now();
    ASSERT_EQ(round % 2 == 0 ? queue.complete_task(round) : queue.cancel_task(round),
              Transition::ok);
    joiner.join();
    latencies.at(round) = joined - ended;
  }
  for (const std::size_t way : {0U, 1U}) {  // by completion, by cancel
    std::vector<steady_clock::duration> sorted;
    for (std::size_t i = way; i < latencies.size(); i += 2) sorted.push_back(latencies.at(i));
    std::sort(sorted.begin(), sorted.end());
    EXPECT_LT(sorted[sorted.size() / 2], 70ms) << (way == 0 ? "completed" : "cancelled");
  }
}

TYPED_TEST(Join, never_misses_the_end_it_waits_for) {
  // The join of each round races the end of its last task, by completion or by cancel.
  TypeParam queue{limits};
  std::atomic<std::uint64_t> early{0};
  const auto prepare = [&](std::uint64_t round) {
    EXPECT_TRUE(add(queue, round));
    if (round % 2 == 0) {
      EXPECT_EQ(take(queue), round);
    }
  };
  const auto rounds =
      in_rounds(scaled(3'000), 2, prepare, [&](std::uint64_t round, unsigned member) {
        if (member == 1) {
          const auto ended = round % 2 == 0 ? queue.complete_task(round) : queue.cancel_task(round);
          EXPECT_EQ(ended, Transition::ok);
          return;
        }
        queue.join();
        const auto status = queue.get_status(round);
        if (status == TaskStatus::queued || status == TaskStatus::processing) ++early;
        EXPECT_EQ(queue.forget_task(round), Transition::ok);
        if (round % 32 == 31) {
          EXPECT_EQ(take(queue), std::nullopt);
        }  // passes cancelled tasks
      });
  EXPECT_GT(rounds, 0U);
  EXPECT_EQ(early, 0U);
}

}  // namespace
}  // namespace lockbench::testing_support
