#include "strategies/storage/task_store.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "strategies/tests/printers.hpp"
#include "strategies/tests/unsafe_store.hpp"

namespace lockbench {
namespace {

Payload bytes_of(std::string_view text) {
  return std::as_bytes(std::span{text});
}
std::string text_of(Payload payload) {
  return {reinterpret_cast<const char*>(payload.data()), payload.size()};
}

template <class Store>
struct TaskStoreTest : testing::Test {
  static constexpr QueueLimits limits{.capacity = 8, .payload_bytes = 4};

  /// The id of the next task, which is processing from then on.
  std::optional<TaskId> take() {
    const auto task = store.take();
    return task ? std::optional{task->id} : std::nullopt;
  }

  Store store{limits};
};
/// An unsafe queue has to answer one thread as the plain storage does.
using Stores = testing::Types<TaskStore, testing_support::UnsafeStore>;
TYPED_TEST_SUITE(TaskStoreTest, Stores);

TYPED_TEST(TaskStoreTest, a_reused_place_does_not_revive_a_cancelled_task) {
  ASSERT_EQ(this->store.add(1, 9, bytes_of("old")), AddResult::added);
  ASSERT_EQ(this->store.cancel(1), Transition::ok);
  ASSERT_EQ(this->store.forget(1), Transition::ok);
  ASSERT_EQ(this->store.add(2, 0, bytes_of("low")), AddResult::added);  // in the place of 1
  ASSERT_EQ(this->store.add(3, 5, bytes_of("high")), AddResult::added);
  EXPECT_EQ(this->take(), 3U);
  const auto task = this->store.take();
  ASSERT_TRUE(task);
  EXPECT_EQ(task->id, 2U);
  EXPECT_EQ(task->priority, 0);
  EXPECT_EQ(text_of(task->payload), "low");
  EXPECT_EQ(this->take(), std::nullopt);
}

TYPED_TEST(TaskStoreTest, payloads_stay_where_they_are_until_forgotten) {
  ASSERT_EQ(this->store.add(1, 0, bytes_of("one")), AddResult::added);
  ASSERT_EQ(this->store.add(2, 0, bytes_of("two")), AddResult::added);
  const auto first = this->store.take();
  const auto second = this->store.take();
  ASSERT_TRUE(first && second);
  ASSERT_EQ(this->store.complete(1), Transition::ok);
  ASSERT_EQ(this->store.add(3, 0, bytes_of("more")), AddResult::added);
  EXPECT_EQ(text_of(first->payload), "one");
  EXPECT_EQ(text_of(second->payload), "two");
}

TYPED_TEST(TaskStoreTest, adding_and_cancelling_for_ever_needs_no_more_room) {
  ASSERT_EQ(this->store.add(0, -1, {}), AddResult::added);
  for (TaskId id = 1; id < 100'000; ++id) {
    ASSERT_EQ(this->store.add(id, static_cast<int>(id % 7), {}), AddResult::added);
    ASSERT_EQ(this->store.cancel(id), Transition::ok);
    ASSERT_EQ(this->store.forget(id), Transition::ok);
  }
  EXPECT_EQ(this->store.size(), 1U);
  EXPECT_EQ(this->take(), 0U);
  EXPECT_EQ(this->take(), std::nullopt);
}

TYPED_TEST(TaskStoreTest, refills_after_every_cancellation_keep_all_tasks) {
  TaskId next = 0;
  for (int round = 0; round < 1000; ++round) {
    const TaskId first = next;
    for (; next < first + 8; ++next) ASSERT_EQ(this->store.add(next, 0, {}), AddResult::added);
    ASSERT_EQ(this->store.add(next, 0, {}), AddResult::full);
    for (TaskId id = first; id < next; ++id) {
      if (id % 8 == 3) {
        ASSERT_EQ(this->take(), first);
        ASSERT_EQ(this->store.complete(first), Transition::ok);
        ASSERT_EQ(this->store.forget(first), Transition::ok);
      }
      if (id == first) continue;
      ASSERT_EQ(this->store.cancel(id), Transition::ok) << round;
      ASSERT_EQ(this->store.forget(id), Transition::ok);
    }
    ASSERT_EQ(this->store.outstanding(), 0U);
  }
}

}  // namespace
}  // namespace lockbench
