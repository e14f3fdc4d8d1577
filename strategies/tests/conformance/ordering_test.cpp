/// The order of hand-out that each strategy's `ordering` trait promises.

#include <algorithm>
#include <atomic>
#include <climits>
#include <functional>
#include <map>
#include <random>
#include <semaphore>
#include <vector>

#include "strategies/tests/conformance/conformance.hpp"
#include "strategies/tests/crew.hpp"

namespace lockbench::testing_support {
namespace {

constexpr bool by_priority(const StrategyTraits& traits) {
  return stores_tasks(traits) &&
         (traits.ordering == Ordering::priority_fifo || traits.ordering == Ordering::priority);
}
constexpr bool ties_by_arrival(const StrategyTraits& traits) {
  return stores_tasks(traits) && traits.ordering == Ordering::priority_fifo;
}
constexpr bool priority_blind(const StrategyTraits& traits) {
  return stores_tasks(traits) &&
         (traits.ordering == Ordering::fifo || traits.ordering == Ordering::fifo_per_producer);
}
/// Among tasks of one priority, added by one thread.
constexpr bool by_arrival_of_one_thread(const StrategyTraits& traits) {
  return ties_by_arrival(traits) || priority_blind(traits);
}
/// Among tasks of one priority, whichever threads added them.
constexpr bool by_arrival_of_all_threads(const StrategyTraits& traits) {
  return is_thread_safe(traits) && (ties_by_arrival(traits) || traits.ordering == Ordering::fifo);
}
constexpr bool concurrent_by_priority(const StrategyTraits& traits) {
  return is_thread_safe(traits) && by_priority(traits);
}
constexpr bool concurrent_by_arrival_of_one_thread(const StrategyTraits& traits) {
  return is_thread_safe(traits) && by_arrival_of_one_thread(traits);
}

std::vector<Task> take_all(TaskQueue auto& queue) {
  std::vector<Task> taken;
  while (auto task = queue.try_get_next_task()) taken.push_back(*task);
  return taken;
}

// --- by priority ---------------------------------------------------------------------------------

template <class Q>
struct PriorityOrder : WatchedTest {};
TYPED_TEST_SUITE(PriorityOrder, StrategiesWhere<by_priority>, StrategyName);

TYPED_TEST(PriorityOrder, higher_priorities_are_handed_out_first) {
  TypeParam queue{limits};
  constexpr std::array priorities{3, -1, INT_MAX, 0, INT_MIN, 7, -8, INT_MIN + 1, INT_MAX - 1};
  for (std::size_t i = 0; i < priorities.size(); ++i) ASSERT_TRUE(add(queue, i, priorities.at(i)));
  auto expected = priorities;
  std::sort(expected.begin(), expected.end(), std::greater{});
  for (const int priority : expected) {
    const auto task = queue.try_get_next_task();
    ASSERT_TRUE(task);
    EXPECT_EQ(task->priority, priority);
    EXPECT_EQ(priorities.at(task->id), priority);
  }
}

TYPED_TEST(PriorityOrder, a_late_task_of_higher_priority_overtakes) {
  TypeParam queue{limits};
  ASSERT_TRUE(add(queue, 1, 1));
  ASSERT_TRUE(add(queue, 2, 2));
  ASSERT_EQ(take(queue), 2U);
  ASSERT_TRUE(add(queue, 3, 3));
  EXPECT_EQ(take(queue), 3U);
  EXPECT_EQ(take(queue), 1U);
}

TYPED_TEST(PriorityOrder, holds_after_any_mix_of_adds_takes_and_cancels) {
  constexpr std::uint32_t capacity = 256;
  TypeParam queue{{.capacity = capacity, .payload_bytes = 0}};
  std::mt19937 draw{20240229};
  std::multimap<int, TaskId, std::greater<>> queued;  // the model: ties in arrival order
  for (TaskId id = 1; id <= scaled(100'000); ++id) {
    const auto choice = draw() % 8;
    if (choice < 4 && queued.size() < capacity) {
      const int priority = static_cast<int>(draw() % 16) - 8;
      ASSERT_TRUE(add(queue, id, priority));
      queued.emplace(priority, id);
    } else if (choice < 6 && !queued.empty()) {
      const auto victim = std::next(queued.begin(), static_cast<int>(draw() % queued.size()));
      ASSERT_TRUE(cancel_and_forget(queue, victim->second));
      queued.erase(victim);
    } else {
      const auto task = queue.try_get_next_task();
      ASSERT_EQ(task.has_value(), !queued.empty());
      if (!task) continue;
      ASSERT_EQ(task->priority, queued.begin()->first);
      if (ties_by_arrival(TypeParam::traits)) {
        ASSERT_EQ(task->id, queued.begin()->second);
      }
      ASSERT_TRUE(finish(queue, task->id));
      std::erase_if(queued, [&](const auto& entry) { return entry.second == task->id; });
    }
    ASSERT_EQ(queue.size(), queued.size());
  }
}

// --- by arrival, one thread ----------------------------------------------------------------------

template <class Q>
struct TieOrder : WatchedTest {};
TYPED_TEST_SUITE(TieOrder, StrategiesWhere<ties_by_arrival>, StrategyName);

TYPED_TEST(TieOrder, equal_priorities_are_handed_out_in_arrival_order_within_each_priority) {
  TypeParam queue{limits};
  for (TaskId id = 0; id < 60; ++id) ASSERT_TRUE(add(queue, id, static_cast<int>(id % 3)));
  for (int priority = 2; priority >= 0; --priority) {
    for (TaskId id = static_cast<TaskId>(priority); id < 60; id += 3) EXPECT_EQ(take(queue), id);
  }
}

template <class Q>
struct ArrivalOrder : WatchedTest {};
TYPED_TEST_SUITE(ArrivalOrder, StrategiesWhere<by_arrival_of_one_thread>, StrategyName);

TYPED_TEST(ArrivalOrder, equal_priorities_of_one_thread_are_handed_out_in_arrival_order) {
  TypeParam queue{limits};
  constexpr std::array<TaskId, 6> ids{40, 7, 99, 1, 63, 12};  // so that sorting by id would show
  for (const auto id : ids) ASSERT_TRUE(add(queue, id, 5));
  for (const auto id : ids) EXPECT_EQ(take(queue), id);
}

TYPED_TEST(ArrivalOrder, survives_many_turns_of_the_storage) {
  TypeParam queue{{.capacity = 8, .payload_bytes = 0}};
  TaskId next = 0;
  for (TaskId id = 0; id < 5'000; ++id) {
    ASSERT_TRUE(add(queue, id));
    if (id < 5) continue;
    ASSERT_EQ(take(queue), next);
    ASSERT_TRUE(finish(queue, next));
    ++next;
  }
}

TYPED_TEST(ArrivalOrder, a_forgotten_id_comes_back_at_the_end) {
  TypeParam queue{limits};
  for (const TaskId id : {1U, 2U, 3U}) ASSERT_TRUE(add(queue, id));
  ASSERT_TRUE(cancel_and_forget(queue, 1));
  ASSERT_TRUE(add(queue, 1));
  EXPECT_EQ(take(queue), 2U);
  EXPECT_EQ(take(queue), 3U);
  EXPECT_EQ(take(queue), 1U);
}

template <class Q>
struct PriorityBlindOrder : WatchedTest {};
TYPED_TEST_SUITE(PriorityBlindOrder, StrategiesWhere<priority_blind>, StrategyName);

TYPED_TEST(PriorityBlindOrder, priorities_are_carried_but_ignored) {
  TypeParam queue{limits};
  for (TaskId id = 0; id < 10; ++id) ASSERT_TRUE(add(queue, id, static_cast<int>(id)));
  for (TaskId id = 0; id < 10; ++id) {
    const auto task = queue.try_get_next_task();
    ASSERT_TRUE(task);
    EXPECT_EQ(task->id, id);
    EXPECT_EQ(task->priority, static_cast<int>(id));
  }
}

// --- with several threads ------------------------------------------------------------------------

constexpr unsigned producers = 3;
constexpr TaskId per_producer = scaled(20'000);
constexpr QueueLimits roomy{.capacity = producers * per_producer, .payload_bytes = 0};

/// Ids that tell who added a task and as which of its tasks.
constexpr TaskId id_of(unsigned producer, TaskId sequence) {
  return (TaskId{producer} << 32U) | sequence;
}
constexpr std::size_t producer_of(TaskId id) {
  return static_cast<std::size_t>(id >> 32U);
}
constexpr TaskId sequence_of(TaskId id) {
  return id & 0xFFFF'FFFFU;
}

/// Notices when one producer's tasks come out of order.
class ProducerOrder {
public:
  bool accepts(TaskId id) {
    auto& next = next_.at(producer_of(id));
    const bool in_order = sequence_of(id) >= next;
    next = sequence_of(id) + 1;
    return in_order;
  }

private:
  std::array<TaskId, producers> next_{};
};

template <class Q>
struct ConcurrentArrivalOrder : WatchedTest {};
TYPED_TEST_SUITE(ConcurrentArrivalOrder, StrategiesWhere<concurrent_by_arrival_of_one_thread>,
                 StrategyName);

TYPED_TEST(ConcurrentArrivalOrder, one_consumer_sees_each_producers_tasks_in_order) {
  TypeParam queue{roomy};
  TaskId taken = 0;
  TaskId out_of_order = 0;
  together(producers + 1, [&](unsigned member) {
    if (member < producers) {
      for (TaskId i = 0; i < per_producer; ++i) EXPECT_TRUE(add(queue, id_of(member, i)));
      return;
    }
    ProducerOrder order;
    for (const auto deadline = far_ahead(); taken < producers * per_producer; ++taken) {
      const auto result = queue.get_next_task(deadline);
      ASSERT_EQ(result.outcome, TakeOutcome::task);
      if (!order.accepts(result.task.id)) ++out_of_order;
    }
  });
  EXPECT_EQ(taken, producers * per_producer);
  EXPECT_EQ(out_of_order, 0U);
}

TYPED_TEST(ConcurrentArrivalOrder, each_of_several_consumers_sees_each_producers_tasks_in_order) {
  TypeParam queue{roomy};
  std::atomic<TaskId> taken{0};
  std::atomic<TaskId> out_of_order{0};
  together(producers + 2, [&](unsigned member) {
    if (member < producers) {
      for (TaskId i = 0; i < per_producer; ++i) EXPECT_TRUE(add(queue, id_of(member, i)));
      return;
    }
    ProducerOrder order;
    EXPECT_TRUE(eventually([&] {
      while (const auto id = take(queue)) {
        ++taken;
        if (!order.accepts(*id)) ++out_of_order;
      }
      return taken == producers * per_producer;
    }));
  });
  EXPECT_EQ(out_of_order, 0U);
}

template <class Q>
struct GlobalArrivalOrder : WatchedTest {};
TYPED_TEST_SUITE(GlobalArrivalOrder, StrategiesWhere<by_arrival_of_all_threads>, StrategyName);

TYPED_TEST(GlobalArrivalOrder, holds_between_threads_that_add_in_turn) {
  constexpr TaskId count = scaled(4'000);
  TypeParam queue{{.capacity = count, .payload_bytes = 0}};
  std::array<std::binary_semaphore, 2> turn{std::binary_semaphore{1}, std::binary_semaphore{0}};
  together(2, [&](unsigned member) {
    for (TaskId id = member; id < count; id += 2) {
      turn.at(member).acquire();
      EXPECT_TRUE(add(queue, id));
      turn.at(1 - member).release();
    }
  });
  for (TaskId id = 0; id < count; ++id) ASSERT_EQ(take(queue), id);
}

template <class Q>
struct ConcurrentPriorityOrder : WatchedTest {};
TYPED_TEST_SUITE(ConcurrentPriorityOrder, StrategiesWhere<concurrent_by_priority>, StrategyName);

TYPED_TEST(ConcurrentPriorityOrder, tasks_added_by_many_are_handed_out_by_priority) {
  TypeParam queue{roomy};
  together(producers, [&](unsigned member) {
    std::minstd_rand draw{member + 1};
    for (TaskId i = 0; i < per_producer; ++i) {
      EXPECT_TRUE(add(queue, id_of(member, i), static_cast<int>(draw() % 5)));
    }
  });
  const auto taken = take_all(queue);
  ASSERT_EQ(taken.size(), producers * per_producer);
  ProducerOrder order;
  for (std::size_t i = 1; i < taken.size(); ++i) {
    ASSERT_GE(taken[i - 1].priority, taken[i].priority);
    if (taken[i - 1].priority != taken[i].priority) order = {};
    const bool in_order = order.accepts(taken[i].id);
    if (ties_by_arrival(TypeParam::traits)) {
      ASSERT_TRUE(in_order);
    }
  }
}

TYPED_TEST(ConcurrentPriorityOrder, each_of_several_consumers_sees_falling_priorities) {
  TypeParam queue{roomy};
  for (TaskId id = 0; id < roomy.capacity; ++id)
    ASSERT_TRUE(add(queue, id, static_cast<int>(id % 9)));
  std::atomic<TaskId> taken{0};
  std::atomic<int> rises{0};
  together(3, [&](unsigned /*member*/) {
    int last = INT_MAX;
    while (const auto task = queue.try_get_next_task()) {
      if (task->priority > last) ++rises;
      last = task->priority;
      ++taken;
    }
  });
  EXPECT_EQ(taken, roomy.capacity);
  EXPECT_EQ(rises, 0);
}

}  // namespace
}  // namespace lockbench::testing_support
