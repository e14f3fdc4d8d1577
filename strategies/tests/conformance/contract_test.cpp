/// Every call from every state of a task, on one thread.

#include <climits>
#include <limits>

#include "strategies/storage/id_hash.hpp"
#include "strategies/tests/conformance/conformance.hpp"

namespace lockbench::testing_support {
namespace {

template <class Q>
struct TaskQueueContract : WatchedTest {};
TYPED_TEST_SUITE(TaskQueueContract, StoringStrategies, StrategyName);

constexpr TaskId other_id = 900;

/// Makes task `id` of an otherwise empty queue be in `state`.
void bring(TaskQueue auto& queue, TaskId id, TaskStatus state) {
  if (state == TaskStatus::unknown) return;
  ASSERT_EQ(queue.add_task(id, 3, bytes_of("kept")), AddResult::added);
  if (state == TaskStatus::processing || state == TaskStatus::completed) {
    ASSERT_EQ(take(queue), id);
  }
  if (state == TaskStatus::completed) {
    ASSERT_EQ(queue.complete_task(id), Transition::ok);
  }
  if (state == TaskStatus::cancelled) {
    ASSERT_EQ(queue.cancel_task(id), Transition::ok);
  }
  ASSERT_EQ(queue.get_status(id), state);
}

struct Row {
  TaskStatus before;
  Transition result;
  TaskStatus after;
};

/// Checks `call(queue, id)` from each state: its result, the state that follows, and that a
/// queued neighbour, a second call's subject, is left alone.
template <TaskQueue Q>
void check_rows(auto&& call, std::initializer_list<Row> rows) {
  for (const auto& row : rows) {
    SCOPED_TRACE(testing::Message() << "from " << testing::PrintToString(row.before));
    Q queue{limits};
    ASSERT_NO_FATAL_FAILURE(bring(queue, 1, row.before));
    ASSERT_TRUE(add(queue, other_id));
    EXPECT_EQ(call(queue, 1), row.result);
    EXPECT_EQ(queue.get_status(1), row.after);
    EXPECT_EQ(queue.get_status(other_id), TaskStatus::queued);
    EXPECT_EQ(queue.size(), row.after == TaskStatus::queued ? 2U : 1U);
  }
}

TYPED_TEST(TaskQueueContract, a_fresh_queue_is_empty_and_knows_no_task) {
  TypeParam queue{limits};
  EXPECT_EQ(queue.size(), 0U);
  EXPECT_EQ(queue.try_get_next_task(), std::nullopt);
  EXPECT_EQ(queue.get_status(0), TaskStatus::unknown);
  EXPECT_EQ(queue.get_status(1), TaskStatus::unknown);
}

TYPED_TEST(TaskQueueContract, the_default_limits_make_a_queue) {
  TypeParam queue{QueueLimits{}};
  ASSERT_TRUE(add(queue, 1));
  EXPECT_EQ(take(queue), 1U);
}

TYPED_TEST(TaskQueueContract, a_task_walks_from_queued_over_processing_to_completed) {
  TypeParam queue{limits};
  EXPECT_EQ(queue.get_status(1), TaskStatus::unknown);
  ASSERT_EQ(queue.add_task(1, 5, {}), AddResult::added);
  EXPECT_EQ(queue.get_status(1), TaskStatus::queued);
  EXPECT_EQ(queue.size(), 1U);
  ASSERT_EQ(take(queue), 1U);
  EXPECT_EQ(queue.get_status(1), TaskStatus::processing);
  EXPECT_EQ(queue.size(), 0U);
  ASSERT_EQ(queue.complete_task(1), Transition::ok);
  EXPECT_EQ(queue.get_status(1), TaskStatus::completed);
  ASSERT_EQ(queue.forget_task(1), Transition::ok);
  EXPECT_EQ(queue.get_status(1), TaskStatus::unknown);
}

TYPED_TEST(TaskQueueContract, complete_moves_only_a_processing_task) {
  check_rows<TypeParam>([](auto& queue, TaskId id) { return queue.complete_task(id); },
                        {{TaskStatus::unknown, Transition::unknown, TaskStatus::unknown},
                         {TaskStatus::queued, Transition::wrong_state, TaskStatus::queued},
                         {TaskStatus::processing, Transition::ok, TaskStatus::completed},
                         {TaskStatus::completed, Transition::wrong_state, TaskStatus::completed},
                         {TaskStatus::cancelled, Transition::wrong_state, TaskStatus::cancelled}});
}

TYPED_TEST(TaskQueueContract, cancel_moves_only_a_queued_task) {
  check_rows<TypeParam>([](auto& queue, TaskId id) { return queue.cancel_task(id); },
                        {{TaskStatus::unknown, Transition::unknown, TaskStatus::unknown},
                         {TaskStatus::queued, Transition::ok, TaskStatus::cancelled},
                         {TaskStatus::processing, Transition::wrong_state, TaskStatus::processing},
                         {TaskStatus::completed, Transition::wrong_state, TaskStatus::completed},
                         {TaskStatus::cancelled, Transition::wrong_state, TaskStatus::cancelled}});
}

TYPED_TEST(TaskQueueContract, forget_drops_only_a_finished_task) {
  check_rows<TypeParam>([](auto& queue, TaskId id) { return queue.forget_task(id); },
                        {{TaskStatus::unknown, Transition::unknown, TaskStatus::unknown},
                         {TaskStatus::queued, Transition::wrong_state, TaskStatus::queued},
                         {TaskStatus::processing, Transition::wrong_state, TaskStatus::processing},
                         {TaskStatus::completed, Transition::ok, TaskStatus::unknown},
                         {TaskStatus::cancelled, Transition::ok, TaskStatus::unknown}});
}

TYPED_TEST(TaskQueueContract, a_known_id_is_a_duplicate_in_every_state) {
  for (const auto state :
       {TaskStatus::queued, TaskStatus::processing, TaskStatus::completed, TaskStatus::cancelled}) {
    SCOPED_TRACE(testing::PrintToString(state));
    TypeParam queue{limits};
    ASSERT_NO_FATAL_FAILURE(bring(queue, 1, state));
    const auto queued = queue.size();
    EXPECT_EQ(queue.add_task(1, 9, bytes_of("other")), AddResult::duplicate);
    EXPECT_EQ(queue.get_status(1), state);
    EXPECT_EQ(queue.size(), queued);
  }
}

TYPED_TEST(TaskQueueContract, a_refused_duplicate_changes_neither_priority_nor_payload) {
  TypeParam queue{limits};
  ASSERT_EQ(queue.add_task(1, 3, bytes_of("first")), AddResult::added);
  ASSERT_EQ(queue.add_task(1, 9, bytes_of("second")), AddResult::duplicate);
  const auto task = queue.try_get_next_task();
  ASSERT_TRUE(task);
  EXPECT_EQ(task->priority, 3);
  EXPECT_EQ(text_of(task->payload), "first");
  EXPECT_EQ(queue.try_get_next_task(), std::nullopt);
}

TYPED_TEST(TaskQueueContract, a_forgotten_id_is_a_new_task) {
  TypeParam queue{limits};
  for (int life = 0; life < 200; ++life) {  // more lives than places
    ASSERT_EQ(queue.add_task(1, life, {}), AddResult::added);
    const auto task = queue.try_get_next_task();
    ASSERT_TRUE(task);
    EXPECT_EQ(task->priority, life);
    ASSERT_TRUE(finish(queue, 1));
  }
}

TYPED_TEST(TaskQueueContract, an_id_that_was_cancelled_and_forgotten_is_handed_out_once) {
  TypeParam queue{limits};
  ASSERT_EQ(queue.add_task(1, 3, bytes_of("first")), AddResult::added);
  ASSERT_TRUE(cancel_and_forget(queue, 1));
  ASSERT_EQ(queue.add_task(1, 4, bytes_of("second")), AddResult::added);
  EXPECT_EQ(queue.size(), 1U);
  const auto task = queue.try_get_next_task();
  ASSERT_TRUE(task);
  EXPECT_EQ(task->priority, 4);
  EXPECT_EQ(text_of(task->payload), "second");
  EXPECT_EQ(queue.try_get_next_task(), std::nullopt);
  EXPECT_EQ(queue.get_status(1), TaskStatus::processing);
}

TYPED_TEST(TaskQueueContract, a_cancelled_task_is_never_handed_out) {
  TypeParam queue{limits};
  ASSERT_EQ(queue.add_task(1, 5, {}), AddResult::added);
  ASSERT_EQ(queue.cancel_task(1), Transition::ok);
  EXPECT_EQ(queue.try_get_next_task(), std::nullopt);
  EXPECT_EQ(queue.get_status(1), TaskStatus::cancelled);
}

TYPED_TEST(TaskQueueContract, cancelled_tasks_between_others_are_passed_over) {
  TypeParam queue{limits};
  for (TaskId id = 1; id <= 30; ++id) ASSERT_TRUE(add(queue, id));
  for (TaskId id = 1; id <= 30; ++id) {
    if (id % 3 != 0) {
      ASSERT_EQ(queue.cancel_task(id), Transition::ok);
    }
  }
  EXPECT_EQ(queue.size(), 10U);
  std::vector<bool> seen(31, false);
  for (int i = 0; i < 10; ++i) {
    const auto id = take(queue);
    ASSERT_TRUE(id);
    EXPECT_EQ(*id % 3, 0U);
    EXPECT_FALSE(seen.at(*id));
    seen.at(*id) = true;
  }
  EXPECT_EQ(queue.try_get_next_task(), std::nullopt);
}

TYPED_TEST(TaskQueueContract, size_counts_queued_tasks_only) {
  TypeParam queue{limits};
  for (TaskId id = 1; id <= 5; ++id) ASSERT_TRUE(add(queue, id));
  EXPECT_EQ(queue.size(), 5U);
  const auto taken = take(queue);
  ASSERT_TRUE(taken);
  EXPECT_EQ(queue.size(), 4U);
  ASSERT_EQ(queue.cancel_task(*taken == 3 ? 4 : 3), Transition::ok);
  EXPECT_EQ(queue.size(), 3U);
  ASSERT_TRUE(finish(queue, *taken));
  EXPECT_EQ(queue.size(), 3U);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(take(queue));
  EXPECT_EQ(queue.size(), 0U);
  EXPECT_EQ(queue.try_get_next_task(), std::nullopt);
  EXPECT_EQ(queue.size(), 0U);
}

TYPED_TEST(TaskQueueContract, every_id_is_allowed) {
  constexpr auto largest = std::numeric_limits<TaskId>::max();
  for (const TaskId id :
       {TaskId{0}, TaskId{1}, TaskId{1} << 32U, TaskId{1} << 63U, largest - 1, largest}) {
    SCOPED_TRACE(id);
    TypeParam queue{limits};
    EXPECT_EQ(queue.get_status(id), TaskStatus::unknown);
    ASSERT_EQ(queue.add_task(id, 0, {}), AddResult::added);
    EXPECT_EQ(queue.add_task(id, 0, {}), AddResult::duplicate);
    EXPECT_EQ(queue.get_status(id), TaskStatus::queued);
    EXPECT_EQ(queue.get_status(id ^ 1U), TaskStatus::unknown);
    ASSERT_EQ(take(queue), id);
    ASSERT_TRUE(finish(queue, id));
    EXPECT_EQ(queue.get_status(id), TaskStatus::unknown);
  }
}

TYPED_TEST(TaskQueueContract, extreme_ids_live_side_by_side) {
  TypeParam queue{limits};
  constexpr std::array ids{TaskId{0}, std::numeric_limits<TaskId>::max(), TaskId{1} << 63U};
  for (const auto id : ids) ASSERT_TRUE(add(queue, id));
  for (const auto id : ids) EXPECT_EQ(queue.get_status(id), TaskStatus::queued);
  ASSERT_TRUE(cancel_and_forget(queue, ids[0]));
  EXPECT_EQ(queue.get_status(ids[0]), TaskStatus::unknown);
  EXPECT_EQ(queue.get_status(ids[1]), TaskStatus::queued);
  EXPECT_EQ(queue.get_status(ids[2]), TaskStatus::queued);
}

TYPED_TEST(TaskQueueContract, ids_whose_hashes_collide_are_different_tasks) {
  TypeParam queue{limits};
  constexpr TaskId count = 20;
  const auto id_of = [](TaskId n) { return id_with_hash((std::uint64_t{0xb024'90d8} << 32U) + n); };
  for (TaskId n = 0; n < count; ++n) {
    ASSERT_EQ(queue.get_status(id_of(n)), TaskStatus::unknown);
    ASSERT_TRUE(add(queue, id_of(n)));
  }
  ASSERT_TRUE(cancel_and_forget(queue, id_of(7)));
  for (TaskId n = 0; n < count; ++n) {
    ASSERT_EQ(queue.get_status(id_of(n)), n == 7 ? TaskStatus::unknown : TaskStatus::queued);
  }
}

TYPED_TEST(TaskQueueContract, every_priority_is_carried) {
  for (const int priority : {INT_MIN, INT_MIN + 1, -1, 0, 1, INT_MAX - 1, INT_MAX}) {
    TypeParam queue{limits};
    ASSERT_TRUE(add(queue, 1, priority));
    const auto task = queue.try_get_next_task();
    ASSERT_TRUE(task);
    EXPECT_EQ(task->priority, priority);
  }
}

TYPED_TEST(TaskQueueContract, a_queue_may_be_destroyed_with_tasks_in_every_state) {
  TypeParam queue{limits};
  for (TaskId id = 1; id <= 4; ++id)
    ASSERT_EQ(queue.add_task(id, 0, bytes_of("x")), AddResult::added);
  const auto first = take(queue);
  const auto second = take(queue);
  ASSERT_TRUE(first && second);
  ASSERT_EQ(queue.complete_task(*first), Transition::ok);
  for (TaskId id = 1; id <= 4; ++id) {
    if (id != *first && id != *second) {
      ASSERT_EQ(queue.cancel_task(id), Transition::ok);
      break;
    }
  }
  EXPECT_EQ(queue.size(), 1U);
}

}  // namespace
}  // namespace lockbench::testing_support
