/// What the lock-free body does in between: calls made while an add has not yet reached the FIFO,
/// and a FIFO that has no memory left. The FIFO here is a plain one that a test can break into.

#include "strategies/storage/lock_free_task_queue.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "strategies/tests/printers.hpp"
#include "strategies/tests/test_scale.hpp"
#include "strategies/tests/watchdog.hpp"

namespace lockbench::testing_support {
namespace {

/// Calls `on_push`, if set, instead of the next push; that may refuse it by returning false.
class TamperedFifo {
public:
  explicit TamperedFifo(std::uint32_t /*capacity*/) {}

  bool try_push(RecordIndex index) {
    if (const auto tamper = std::exchange(on_push, nullptr); tamper && !tamper()) return false;
    const std::lock_guard lock{mutex_};
    indices_.push_back(index);
    return true;
  }
  std::optional<RecordIndex> try_pop() {
    const std::lock_guard lock{mutex_};
    if (indices_.empty()) return std::nullopt;
    const auto index = indices_.front();
    indices_.pop_front();
    return index;
  }

  static inline std::function<bool()> on_push;

private:
  std::mutex mutex_;
  std::deque<RecordIndex> indices_;
};

using Queue = LockFreeTaskQueue<TamperedFifo>;

struct LockFreeTaskQueueTest : WatchedTest {
  LockFreeTaskQueueTest() { TamperedFifo::on_push = nullptr; }

  /// Adds task `id` and does `meanwhile` when others can see it but none can take it yet.
  AddResult add_and_meanwhile(TaskId id, const std::function<void()>& meanwhile,
                              bool has_memory = true) {
    TamperedFifo::on_push = [&, has_memory] {
      meanwhile();
      return has_memory;
    };
    return queue.add_task(id, 0, {});
  }

  Queue queue{{.capacity = 2, .payload_bytes = 8}};
};

// --- an add under way ----------------------------------------------------------------------------

TEST_F(LockFreeTaskQueueTest, an_add_under_way_is_seen_but_not_taken) {
  EXPECT_EQ(add_and_meanwhile(1,
                              [&] {
                                EXPECT_EQ(queue.get_status(1), TaskStatus::queued);
                                EXPECT_EQ(queue.size(), 1U);
                                EXPECT_EQ(queue.try_get_next_task(), std::nullopt);
                              }),
            AddResult::added);
  EXPECT_TRUE(queue.try_get_next_task());
}

TEST_F(LockFreeTaskQueueTest, an_add_under_way_makes_its_id_a_duplicate) {
  EXPECT_EQ(
      add_and_meanwhile(1, [&] { EXPECT_EQ(queue.add_task(1, 0, {}), AddResult::duplicate); }),
      AddResult::added);
  EXPECT_EQ(queue.size(), 1U);
}

TEST_F(LockFreeTaskQueueTest, an_add_under_way_can_be_cancelled_forgotten_and_added_again) {
  EXPECT_EQ(add_and_meanwhile(1,
                              [&] {
                                EXPECT_EQ(queue.cancel_task(1), Transition::ok);
                                EXPECT_EQ(queue.forget_task(1), Transition::ok);
                                EXPECT_EQ(queue.add_task(1, 7, {}), AddResult::added);
                              }),
            AddResult::added);
  EXPECT_EQ(queue.size(), 1U);
  const auto task = queue.try_get_next_task();
  ASSERT_TRUE(task);
  EXPECT_EQ(task->priority, 7);
  EXPECT_EQ(queue.try_get_next_task(), std::nullopt);
  EXPECT_EQ(queue.add_task(2, 0, {}), AddResult::added) << "the first life's place is free again";
  EXPECT_EQ(queue.add_task(3, 0, {}), AddResult::full);
}

TEST_F(LockFreeTaskQueueTest, a_drain_waits_for_an_add_it_accepted) {
  EXPECT_EQ(add_and_meanwhile(
                1,
                [&] {
                  queue.shutdown(ShutdownMode::drain);
                  EXPECT_EQ(queue.add_task(2, 0, {}), AddResult::shut_down);
                  EXPECT_EQ(queue.get_next_task(after(std::chrono::milliseconds{5})).outcome,
                            TakeOutcome::timed_out);
                }),
            AddResult::added);
  EXPECT_EQ(queue.get_next_task(far_ahead()).outcome, TakeOutcome::task);
  EXPECT_EQ(queue.get_next_task(far_ahead()).outcome, TakeOutcome::shut_down);
}

TEST_F(LockFreeTaskQueueTest, a_discard_cancels_an_add_it_finds_under_way) {
  std::jthread other;
  EXPECT_EQ(add_and_meanwhile(1,
                              [&] {
                                other =
                                    std::jthread{[&] { queue.shutdown(ShutdownMode::discard); }};
                                EXPECT_TRUE(eventually([&] {
                                  return queue.get_next_task({}).outcome == TakeOutcome::shut_down;
                                }));
                                EXPECT_EQ(queue.get_status(1), TaskStatus::queued);
                              }),
            AddResult::added);
  other.join();
  EXPECT_EQ(queue.get_status(1), TaskStatus::cancelled);
  queue.join();
}

// --- a FIFO without memory -----------------------------------------------------------------------

TEST_F(LockFreeTaskQueueTest, an_add_that_the_fifo_refuses_is_full_and_leaves_no_trace) {
  for (int round = 0; round < 5; ++round) {  // more rounds than places
    EXPECT_EQ(add_and_meanwhile(
                  1, [] {}, false),
              AddResult::full);
    EXPECT_EQ(queue.get_status(1), TaskStatus::unknown);
    EXPECT_EQ(queue.size(), 0U);
  }
  queue.join();
  EXPECT_EQ(queue.add_task(1, 0, {}), AddResult::added);
  EXPECT_EQ(queue.add_task(2, 0, {}), AddResult::added);
}

TEST_F(LockFreeTaskQueueTest, an_add_that_was_cancelled_before_the_fifo_refuses_it_was_added) {
  EXPECT_EQ(add_and_meanwhile(
                1, [&] { EXPECT_EQ(queue.cancel_task(1), Transition::ok); }, false),
            AddResult::added);
  EXPECT_EQ(queue.get_status(1), TaskStatus::cancelled);
  EXPECT_EQ(queue.size(), 0U);
  EXPECT_EQ(queue.forget_task(1), Transition::ok);
  EXPECT_EQ(queue.add_task(1, 0, {}), AddResult::added);
  EXPECT_EQ(queue.add_task(2, 0, {}), AddResult::added);
}

TEST_F(LockFreeTaskQueueTest, an_add_cancelled_and_forgotten_before_the_fifo_refuses_it_frees_all) {
  EXPECT_EQ(add_and_meanwhile(
                1,
                [&] {
                  EXPECT_EQ(queue.cancel_task(1), Transition::ok);
                  EXPECT_EQ(queue.forget_task(1), Transition::ok);
                },
                false),
            AddResult::added);
  EXPECT_EQ(queue.get_status(1), TaskStatus::unknown);
  EXPECT_EQ(queue.add_task(1, 0, {}), AddResult::added);
  EXPECT_EQ(queue.add_task(2, 0, {}), AddResult::added);
}

// --- payloads ------------------------------------------------------------------------------------

TEST(LockFreePayloads, are_handed_out_as_they_came_from_records_that_are_used_again) {
  constexpr std::uint32_t longest = 2 * TaskRecord::payload_room;
  TamperedFifo::on_push = nullptr;
  Queue queue{{.capacity = 2, .payload_bytes = longest}};
  // Lengths around the room in the record, long before short, so that no rest of the last one shows.
  for (TaskId id = 0; id < TaskId{6} * longest; ++id) {
    const std::vector<std::byte> bytes(id * 29 % (longest + 1), static_cast<std::byte>(id));
    ASSERT_EQ(queue.add_task(id, 0, bytes), AddResult::added);
    const auto task = queue.try_get_next_task();
    ASSERT_TRUE(task);
    EXPECT_EQ(std::vector<std::byte>(task->payload.begin(), task->payload.end()), bytes);
    ASSERT_EQ(queue.complete_task(id), Transition::ok);
    ASSERT_EQ(queue.forget_task(id), Transition::ok);
  }
}

// --- places --------------------------------------------------------------------------------------

TEST_F(LockFreeTaskQueueTest, a_cancelled_task_keeps_its_place_until_both_forgotten_and_passed) {
  for (const bool forget_first : {true, false}) {
    SCOPED_TRACE(forget_first);
    ASSERT_EQ(queue.add_task(1, 0, {}), AddResult::added);
    ASSERT_EQ(queue.add_task(2, 0, {}), AddResult::added);
    for (const TaskId id : {1U, 2U}) ASSERT_EQ(queue.cancel_task(id), Transition::ok);
    const auto forget_both = [&] {
      for (const TaskId id : {1U, 2U}) ASSERT_EQ(queue.forget_task(id), Transition::ok);
    };
    const auto pass_both = [&] { ASSERT_EQ(queue.try_get_next_task(), std::nullopt); };
    forget_first ? forget_both() : pass_both();
    EXPECT_EQ(queue.add_task(3, 0, {}), AddResult::full);
    forget_first ? pass_both() : forget_both();
    for (const TaskId id : {3U, 4U}) {
      ASSERT_EQ(queue.add_task(id, 0, {}), AddResult::added);
      ASSERT_TRUE(queue.try_get_next_task());
      ASSERT_EQ(queue.complete_task(id), Transition::ok);
      ASSERT_EQ(queue.forget_task(id), Transition::ok);
    }
  }
}

TEST_F(LockFreeTaskQueueTest, a_full_queue_still_tells_a_duplicate) {
  ASSERT_EQ(queue.add_task(1, 0, {}), AddResult::added);
  ASSERT_EQ(queue.add_task(2, 0, {}), AddResult::added);
  EXPECT_EQ(queue.add_task(1, 0, {}), AddResult::duplicate);
  EXPECT_EQ(queue.add_task(3, 0, {}), AddResult::full);
}

}  // namespace
}  // namespace lockbench::testing_support
