/// Capacity and payload: what fits, what is refused, and when there is room again.

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "strategies/tests/conformance/conformance.hpp"

namespace lockbench::testing_support {
namespace {

template <class Q>
struct TaskQueueLimits : WatchedTest {};
TYPED_TEST_SUITE(TaskQueueLimits, StoringStrategies, StrategyName);

/// Fills a queue with tasks 1 … capacity.
void fill(TaskQueue auto& queue, std::uint32_t capacity) {
  for (TaskId id = 1; id <= capacity; ++id) ASSERT_EQ(queue.add_task(id, 0, {}), AddResult::added);
}

TYPED_TEST(TaskQueueLimits, impossible_limits_are_refused) {
  const auto build = [](QueueLimits wanted) { TypeParam queue{wanted}; };
  EXPECT_THROW(build({.capacity = 0, .payload_bytes = 8}), std::invalid_argument);
  EXPECT_THROW(build({.capacity = QueueLimits::max_capacity + 1, .payload_bytes = 8}),
               std::invalid_argument);
  EXPECT_THROW(build({.capacity = UINT32_MAX, .payload_bytes = 8}), std::invalid_argument);
  EXPECT_THROW(build({.capacity = 8, .payload_bytes = QueueLimits::max_payload_bytes + 1}),
               std::invalid_argument);
  EXPECT_NO_THROW(build({.capacity = 1, .payload_bytes = 0}));
  EXPECT_NO_THROW(build({.capacity = 2, .payload_bytes = QueueLimits::max_payload_bytes}));
}

TYPED_TEST(TaskQueueLimits, the_largest_capacity_can_be_had) {
  TypeParam queue{{.capacity = QueueLimits::max_capacity, .payload_bytes = 0}};
  ASSERT_TRUE(add(queue, 1));
  EXPECT_EQ(take(queue), 1U);
}

TYPED_TEST(TaskQueueLimits, a_queue_of_any_capacity_holds_exactly_that_many) {
  for (const std::uint32_t capacity : {1U, 2U, 3U, 7U, 8U, 9U, 100U, 1000U}) {
    SCOPED_TRACE(capacity);
    TypeParam queue{{.capacity = capacity, .payload_bytes = 8}};
    ASSERT_NO_FATAL_FAILURE(fill(queue, capacity));
    EXPECT_EQ(queue.add_task(capacity + 1, 0, {}), AddResult::full);
    EXPECT_EQ(queue.size(), capacity);
  }
}

TYPED_TEST(TaskQueueLimits, an_add_refused_as_full_changes_nothing) {
  TypeParam queue{{.capacity = 2, .payload_bytes = 8}};
  ASSERT_NO_FATAL_FAILURE(fill(queue, 2));
  ASSERT_EQ(queue.add_task(3, 100, {}), AddResult::full);
  EXPECT_EQ(queue.get_status(3), TaskStatus::unknown);
  EXPECT_EQ(queue.cancel_task(3), Transition::unknown);
  EXPECT_EQ(queue.size(), 2U);
  for (int i = 0; i < 2; ++i) {
    const auto id = take(queue);
    ASSERT_TRUE(id);
    EXPECT_LE(*id, 2U);
    ASSERT_TRUE(finish(queue, *id));
  }
  EXPECT_EQ(queue.try_get_next_task(), std::nullopt);
  EXPECT_EQ(queue.add_task(3, 0, {}), AddResult::added);
}

TYPED_TEST(TaskQueueLimits, processing_and_finished_tasks_hold_their_places_until_forgotten) {
  TypeParam queue{{.capacity = 2, .payload_bytes = 8}};
  ASSERT_NO_FATAL_FAILURE(fill(queue, 2));
  const auto taken = take(queue);
  ASSERT_TRUE(taken);
  EXPECT_EQ(queue.add_task(3, 0, {}), AddResult::full);
  ASSERT_EQ(queue.complete_task(*taken), Transition::ok);
  EXPECT_EQ(queue.add_task(3, 0, {}), AddResult::full);
  ASSERT_EQ(queue.forget_task(*taken), Transition::ok);
  EXPECT_EQ(queue.add_task(3, 0, {}), AddResult::added);
  EXPECT_EQ(queue.add_task(4, 0, {}), AddResult::full);
}

TYPED_TEST(TaskQueueLimits, a_capacity_of_one_serves_task_after_task) {
  TypeParam queue{{.capacity = 1, .payload_bytes = 8}};
  for (TaskId id = 1; id <= 100; ++id) {
    ASSERT_EQ(queue.add_task(id, 0, {}), AddResult::added);
    ASSERT_EQ(queue.add_task(id + 1, 0, {}), AddResult::full);
    ASSERT_EQ(take(queue), id);
    ASSERT_TRUE(finish(queue, id));
  }
}

TYPED_TEST(TaskQueueLimits, cancelled_and_forgotten_tasks_leave_room_once_takers_have_passed) {
  constexpr std::uint32_t capacity = 16;
  TypeParam queue{{.capacity = capacity, .payload_bytes = 8}};
  for (int round = 0; round < 50; ++round) {
    ASSERT_NO_FATAL_FAILURE(fill(queue, capacity));
    for (TaskId id = 1; id <= capacity; ++id) ASSERT_TRUE(cancel_and_forget(queue, id));
    EXPECT_EQ(queue.size(), 0U);
    ASSERT_EQ(queue.try_get_next_task(), std::nullopt);
  }
}

TYPED_TEST(TaskQueueLimits, churn_of_cancelled_tasks_without_takes_is_bounded) {
  TypeParam queue{{.capacity = 16, .payload_bytes = 8}};
  const auto rounds = scaled(200'000);
  std::uint64_t swept = 0;
  for (TaskId id = 1; id <= rounds; ++id) {
    auto result = queue.add_task(id, static_cast<int>(id % 7), {});
    if (result == AddResult::full) {  // only a queue that keeps cancelled tasks' places
      ASSERT_EQ(queue.try_get_next_task(), std::nullopt);
      ++swept;
      result = queue.add_task(id, 0, {});
    }
    ASSERT_EQ(result, AddResult::added);
    ASSERT_TRUE(cancel_and_forget(queue, id));
  }
  EXPECT_LE(swept, rounds / 16 + 1) << "each sweep must free every place";
  EXPECT_EQ(queue.size(), 0U);
}

TYPED_TEST(TaskQueueLimits, a_cancelled_and_forgotten_task_leaves_room_at_once) {
  // By tag, not by `progress`: taking from a lock-free queue may be made to block.
  const auto& tags = TypeParam::traits.tags;
  if (std::find(tags.begin(), tags.end(), "lockfree") != tags.end()) {
    GTEST_SKIP() << "a lock-free queue may keep the place until its turn";
  }
  TypeParam queue{{.capacity = 4, .payload_bytes = 8}};
  ASSERT_TRUE(add(queue, 1, 100));  // stays ahead of all that are cancelled
  for (TaskId id = 2; id <= scaled(100'000); ++id) {
    ASSERT_EQ(queue.add_task(id, 0, {}), AddResult::added);
    ASSERT_TRUE(cancel_and_forget(queue, id));
  }
  EXPECT_EQ(queue.size(), 1U);
  EXPECT_EQ(take(queue), 1U);
}

/// In a queue of `capacity` whose other places are taken, `cancelled` tasks come and go, one after
/// another. Then the last task that fits has to be found like all others.
template <TaskQueue Q>
void find_the_last_task(std::uint32_t capacity, TaskId cancelled) {
  SCOPED_TRACE(testing::Message() << cancelled << " cancelled, capacity " << capacity);
  Q queue{{.capacity = capacity, .payload_bytes = 0}};
  ASSERT_NO_FATAL_FAILURE(fill(queue, capacity - 1));
  for (TaskId id = capacity; id < capacity + cancelled; ++id) {
    ASSERT_EQ(queue.add_task(id, -1, {}), AddResult::added);
    ASSERT_TRUE(cancel_and_forget(queue, id));
  }
  ASSERT_EQ(queue.add_task(capacity, 1, {}), AddResult::added);
  for (std::uint32_t left = capacity; left > 0; --left) ASSERT_TRUE(take(queue));
}

TYPED_TEST(TaskQueueLimits, an_added_task_is_found_however_many_were_cancelled_before) {
  if (TypeParam::traits.consistency == Consistency::per_task) {
    GTEST_SKIP() << "a lock-free queue may keep their places";
  }
  for (std::uint32_t capacity = 1; capacity <= 3; ++capacity) {
    for (TaskId cancelled = 0; cancelled < 200; ++cancelled) {
      ASSERT_NO_FATAL_FAILURE(find_the_last_task<TypeParam>(capacity, cancelled));
    }
  }
}

// --- payload -------------------------------------------------------------------------------------

TYPED_TEST(TaskQueueLimits, a_payload_is_copied) {
  TypeParam queue{limits};
  std::string text = "original";
  ASSERT_EQ(queue.add_task(1, 0, bytes_of(text)), AddResult::added);
  text.assign(text.size(), '?');
  const auto task = queue.try_get_next_task();
  ASSERT_TRUE(task);
  EXPECT_EQ(text_of(task->payload), "original");
}

TYPED_TEST(TaskQueueLimits, a_payload_is_handed_out_at_the_length_it_was_given) {
  TypeParam queue{limits};
  const std::string longest(limits.payload_bytes, 'x');
  for (std::size_t length = 0; length <= longest.size(); ++length) {
    ASSERT_EQ(queue.add_task(length, 0, bytes_of(longest.substr(0, length))), AddResult::added);
  }
  for (std::size_t i = 0; i <= longest.size(); ++i) {
    const auto task = queue.try_get_next_task();
    ASSERT_TRUE(task);
    EXPECT_EQ(text_of(task->payload), longest.substr(0, task->id));
  }
}

TYPED_TEST(TaskQueueLimits, a_payload_that_is_too_long_is_refused_as_full_and_changes_nothing) {
  TypeParam queue{limits};
  const std::string too_long(limits.payload_bytes + 1, 'x');
  ASSERT_EQ(queue.add_task(1, 0, bytes_of(too_long)), AddResult::full);
  EXPECT_EQ(queue.get_status(1), TaskStatus::unknown);
  EXPECT_EQ(queue.size(), 0U);
  EXPECT_EQ(queue.try_get_next_task(), std::nullopt);
  EXPECT_EQ(queue.add_task(1, 0, bytes_of("short")), AddResult::added);
}

TYPED_TEST(TaskQueueLimits, a_known_id_is_a_duplicate_although_its_payload_is_too_long) {
  TypeParam queue{{.capacity = 1, .payload_bytes = 4}};
  ASSERT_EQ(queue.add_task(1, 0, bytes_of("kept")), AddResult::added);
  EXPECT_EQ(queue.add_task(1, 0, bytes_of("longer")), AddResult::duplicate);
  EXPECT_EQ(queue.add_task(2, 0, bytes_of("longer")), AddResult::full);
  const auto task = queue.try_get_next_task();
  ASSERT_TRUE(task);
  EXPECT_EQ(text_of(task->payload), "kept");
  ASSERT_EQ(queue.complete_task(1), Transition::ok);
  EXPECT_EQ(queue.add_task(1, 0, bytes_of("longer")), AddResult::duplicate);
}

TYPED_TEST(TaskQueueLimits, an_empty_payload_stays_empty_where_a_longer_one_was) {
  TypeParam queue{{.capacity = 1, .payload_bytes = 8}};
  for (TaskId id = 1; id < 20; ++id) {
    const std::string text(id % 2 == 0 ? 0 : 8, 'x');
    ASSERT_EQ(queue.add_task(id, 0, bytes_of(text)), AddResult::added);
    const auto task = queue.try_get_next_task();
    ASSERT_TRUE(task);
    EXPECT_EQ(text_of(task->payload), text);
    ASSERT_TRUE(finish(queue, id));
  }
}

TYPED_TEST(TaskQueueLimits, a_queue_without_payloads_takes_empty_ones_only) {
  TypeParam queue{{.capacity = 4, .payload_bytes = 0}};
  EXPECT_EQ(queue.add_task(1, 0, bytes_of("x")), AddResult::full);
  ASSERT_EQ(queue.add_task(1, 0, {}), AddResult::added);
  const auto task = queue.try_get_next_task();
  ASSERT_TRUE(task);
  EXPECT_TRUE(task->payload.empty());
}

TYPED_TEST(TaskQueueLimits, a_payload_stays_readable_until_its_task_is_forgotten) {
  TypeParam queue{limits};
  ASSERT_EQ(queue.add_task(1, 0, bytes_of("long lived")), AddResult::added);
  const auto task = queue.try_get_next_task();
  ASSERT_TRUE(task);
  const auto churn = [&](TaskId first) {
    for (TaskId id = first; id < first + 200; ++id) {
      ASSERT_EQ(queue.add_task(id, 0, bytes_of("overwriter")), AddResult::added);
      ASSERT_EQ(take(queue), id);
      ASSERT_TRUE(finish(queue, id));
    }
  };
  churn(1000);
  EXPECT_EQ(text_of(task->payload), "long lived");
  ASSERT_EQ(queue.complete_task(1), Transition::ok);
  churn(2000);
  EXPECT_EQ(text_of(task->payload), "long lived");
  EXPECT_EQ(queue.forget_task(1), Transition::ok);
}

}  // namespace
}  // namespace lockbench::testing_support
