/// `shutdown`: what is still handed out, what becomes cancelled, and who is woken.

#include <atomic>
#include <optional>
#include <vector>

#include "strategies/tests/conformance/conformance.hpp"
#include "strategies/tests/crew.hpp"

namespace lockbench::testing_support {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

// --- one thread ----------------------------------------------------------------------------------

template <class Q>
struct ShutdownAlone : WatchedTest {};
TYPED_TEST_SUITE(ShutdownAlone, StoringStrategies, StrategyName);

TYPED_TEST(ShutdownAlone, refuses_new_tasks_in_both_modes) {
  for (const auto mode : {ShutdownMode::drain, ShutdownMode::discard}) {
    TypeParam queue{limits};
    ASSERT_TRUE(add(queue, 1));
    queue.shutdown(mode);
    EXPECT_EQ(queue.add_task(2, 0, {}), AddResult::shut_down);
    EXPECT_EQ(queue.get_status(2), TaskStatus::unknown);
  }
}

TYPED_TEST(ShutdownAlone, drain_hands_out_what_is_queued) {
  TypeParam queue{limits};
  for (TaskId id = 1; id <= 4; ++id) ASSERT_TRUE(add(queue, id));
  queue.shutdown(ShutdownMode::drain);
  EXPECT_EQ(queue.size(), 4U);
  std::array<int, 5> handed_out{};
  for (int i = 0; i < 2; ++i) {
    const auto id = take(queue);
    ASSERT_TRUE(id);
    ++handed_out.at(*id);
  }
  for (int i = 0; i < 2; ++i) {
    const auto result = queue.get_next_task(far_ahead());
    ASSERT_EQ(result.outcome, TakeOutcome::task);
    ++handed_out.at(result.task.id);
  }
  EXPECT_EQ(handed_out, (std::array<int, 5>{0, 1, 1, 1, 1}));
  EXPECT_EQ(queue.try_get_next_task(), std::nullopt);
}

TYPED_TEST(ShutdownAlone, a_take_that_can_bring_nothing_says_shut_down_without_waiting) {
  for (const auto mode : {ShutdownMode::drain, ShutdownMode::discard}) {
    TypeParam queue{limits};
    ASSERT_TRUE(add(queue, 1));
    ASSERT_EQ(take(queue), 1U);  // still processing: it cannot come back
    queue.shutdown(mode);
    const auto start = steady_clock::now();
    for (const auto deadline : {Deadline::min(), start - 1h, start + 24h, Deadline::max()}) {
      EXPECT_EQ(queue.get_next_task(deadline).outcome, TakeOutcome::shut_down);
    }
    EXPECT_EQ(queue.try_get_next_task(), std::nullopt);
    EXPECT_LT(steady_clock::now() - start, patience);
  }
}

TYPED_TEST(ShutdownAlone, drain_says_shut_down_once_the_last_queued_task_is_cancelled) {
  TypeParam queue{limits};
  ASSERT_TRUE(add(queue, 1));
  queue.shutdown(ShutdownMode::drain);
  ASSERT_EQ(queue.cancel_task(1), Transition::ok);
  EXPECT_EQ(queue.get_next_task(far_ahead()).outcome, TakeOutcome::shut_down);
}

TYPED_TEST(ShutdownAlone, discard_cancels_what_is_queued_and_nothing_else) {
  TypeParam queue{limits};
  for (TaskId id = 1; id <= 5; ++id) ASSERT_TRUE(add(queue, id));
  const auto completed = take(queue);
  const auto processing = take(queue);
  ASSERT_TRUE(completed && processing);
  ASSERT_EQ(queue.complete_task(*completed), Transition::ok);
  queue.shutdown(ShutdownMode::discard);
  EXPECT_EQ(queue.size(), 0U);
  EXPECT_EQ(queue.try_get_next_task(), std::nullopt);
  for (TaskId id = 1; id <= 5; ++id) {
    const auto expected = id == *completed    ? TaskStatus::completed
                          : id == *processing ? TaskStatus::processing
                                              : TaskStatus::cancelled;
    EXPECT_EQ(queue.get_status(id), expected) << "task " << id;
  }
}

TYPED_TEST(ShutdownAlone, tasks_can_still_be_asked_for_ended_and_forgotten) {
  for (const auto mode : {ShutdownMode::drain, ShutdownMode::discard}) {
    TypeParam queue{limits};
    for (TaskId id = 1; id <= 2; ++id) ASSERT_TRUE(add(queue, id));
    const auto taken = take(queue);
    ASSERT_TRUE(taken);
    const auto queued = 3 - *taken;
    queue.shutdown(mode);
    EXPECT_EQ(queue.forget_task(*taken), Transition::wrong_state);
    EXPECT_TRUE(finish(queue, *taken));
    EXPECT_EQ(queue.get_status(*taken), TaskStatus::unknown);
    EXPECT_EQ(queue.cancel_task(queued),
              mode == ShutdownMode::drain ? Transition::ok : Transition::wrong_state);
    EXPECT_EQ(queue.forget_task(queued), Transition::ok);
    EXPECT_EQ(queue.add_task(queued, 0, {}), AddResult::shut_down);
    queue.join();
  }
}

TYPED_TEST(ShutdownAlone, is_idempotent) {
  TypeParam drained{limits};
  ASSERT_TRUE(add(drained, 1));
  for (int i = 0; i < 3; ++i) drained.shutdown(ShutdownMode::drain);
  EXPECT_EQ(take(drained), 1U);
  TypeParam discarded{limits};
  ASSERT_TRUE(add(discarded, 1));
  for (int i = 0; i < 3; ++i) discarded.shutdown(ShutdownMode::discard);
  EXPECT_EQ(discarded.get_status(1), TaskStatus::cancelled);
  EXPECT_EQ(discarded.size(), 0U);
  discarded.join();
}

TYPED_TEST(ShutdownAlone, discard_after_drain_discards_what_is_left) {
  TypeParam queue{limits};
  for (TaskId id = 1; id <= 3; ++id) ASSERT_TRUE(add(queue, id));
  queue.shutdown(ShutdownMode::drain);
  const auto taken = take(queue);
  ASSERT_TRUE(taken);
  queue.shutdown(ShutdownMode::discard);
  EXPECT_EQ(queue.size(), 0U);
  EXPECT_EQ(queue.get_next_task(far_ahead()).outcome, TakeOutcome::shut_down);
  EXPECT_EQ(queue.get_status(*taken), TaskStatus::processing);
  EXPECT_EQ(queue.get_status(*taken == 1 ? 2 : 1), TaskStatus::cancelled);
  EXPECT_EQ(queue.complete_task(*taken), Transition::ok);
  queue.join();
}

TYPED_TEST(ShutdownAlone, drain_after_discard_changes_nothing) {
  TypeParam queue{limits};
  ASSERT_TRUE(add(queue, 1));
  queue.shutdown(ShutdownMode::discard);
  queue.shutdown(ShutdownMode::drain);
  EXPECT_EQ(queue.get_status(1), TaskStatus::cancelled);
  EXPECT_EQ(queue.get_next_task(far_ahead()).outcome, TakeOutcome::shut_down);
  EXPECT_EQ(queue.add_task(2, 0, {}), AddResult::shut_down);
}

// --- several threads -----------------------------------------------------------------------------

template <class Q>
struct Shutdown : WatchedTest {};
TYPED_TEST_SUITE(Shutdown, ThreadSafeStrategies, StrategyName);

TYPED_TEST(Shutdown, wakes_every_waiter) {
  for (std::uint64_t round = 0; round < scaled(100); ++round) {
    const auto mode = round % 2 == 0 ? ShutdownMode::drain : ShutdownMode::discard;
    TypeParam queue{limits};
    together(5, [&](unsigned member) {
      if (member > 0) {
        EXPECT_EQ(queue.get_next_task(far_ahead()).outcome, TakeOutcome::shut_down);
        return;
      }
      std::this_thread::sleep_for(std::chrono::microseconds{round * 20 % 1000});
      queue.shutdown(mode);
    });
  }
}

TYPED_TEST(Shutdown, a_drain_serves_what_it_can_and_wakes_the_other_waiters) {
  for (std::uint64_t round = 0; round < scaled(100); ++round) {
    TypeParam queue{limits};
    std::atomic<int> tasks{0};
    std::atomic<int> shut_down{0};
    together(5, [&](unsigned member) {
      if (member == 0) {
        ASSERT_TRUE(add(queue, 1));
        ASSERT_TRUE(add(queue, 2));
        queue.shutdown(ShutdownMode::drain);
        return;
      }
      const auto outcome = queue.get_next_task(far_ahead()).outcome;
      if (outcome == TakeOutcome::task) ++tasks;
      if (outcome == TakeOutcome::shut_down) ++shut_down;
    });
    ASSERT_EQ(tasks, 2);
    ASSERT_EQ(shut_down, 2);
  }
}

TYPED_TEST(Shutdown, waiters_are_released_when_the_last_task_of_a_drain_is_cancelled) {
  for (std::uint64_t round = 0; round < scaled(100); ++round) {
    TypeParam queue{limits};
    ASSERT_TRUE(add(queue, 1));
    std::atomic<int> tasks{0};
    std::atomic<bool> cancelled{false};
    together(3, [&](unsigned member) {
      if (member == 0) {
        queue.shutdown(ShutdownMode::drain);
        cancelled = queue.cancel_task(1) == Transition::ok;
        return;
      }
      const auto outcome = queue.get_next_task(far_ahead()).outcome;
      EXPECT_NE(outcome, TakeOutcome::timed_out);
      if (outcome == TakeOutcome::task) ++tasks;
    });
    ASSERT_EQ(tasks, cancelled ? 0 : 1);
  }
}

/// Producers and consumers at full speed, and a shutdown that falls in the middle of it.
template <TaskQueue Q>
class Load {
public:
  void run(ShutdownMode mode) {
    together(producers + consumers + 1, [&](unsigned member) {
      if (member < producers)
        produce(member);
      else if (member < producers + consumers)
        consume();
      else
        stop(mode);
    });
  }

  Q queue{{.capacity = producers * per_producer, .payload_bytes = 0}};
  static constexpr unsigned producers = 2;
  static constexpr unsigned consumers = 2;
  static constexpr TaskId per_producer = scaled(20'000);
  static constexpr TaskId total = producers * per_producer;
  std::vector<std::atomic<int>> accepted = std::vector<std::atomic<int>>(total);
  std::vector<std::atomic<int>> handed_out = std::vector<std::atomic<int>>(total);

private:
  void produce(unsigned producer) {
    for (TaskId id = producer; id < total; id += producers) {
      const auto result = queue.add_task(id, static_cast<int>(id % 5), {});
      if (result == AddResult::shut_down) return;
      ASSERT_EQ(result, AddResult::added);
      ++accepted[id];
      ++progress_;
    }
  }

  void consume() {
    for (;;) {
      const auto result = queue.get_next_task(far_ahead());
      if (result.outcome == TakeOutcome::shut_down) return;
      ASSERT_EQ(result.outcome, TakeOutcome::task);
      ++handed_out[result.task.id];
      EXPECT_EQ(queue.complete_task(result.task.id), Transition::ok);
    }
  }

  void stop(ShutdownMode mode) {
    EXPECT_TRUE(eventually([&] { return progress_ >= total / 4; }));
    queue.shutdown(mode);
    queue.join();
  }

  std::atomic<TaskId> progress_{0};
};

TYPED_TEST(Shutdown, a_drain_under_load_hands_out_every_accepted_task_exactly_once) {
  Load<TypeParam> load;
  load.run(ShutdownMode::drain);
  for (TaskId id = 0; id < load.total; ++id) {
    ASSERT_EQ(load.handed_out[id], load.accepted[id]) << "task " << id;
    ASSERT_EQ(load.queue.get_status(id),
              load.accepted[id] == 1 ? TaskStatus::completed : TaskStatus::unknown);
  }
  EXPECT_EQ(load.queue.size(), 0U);
  load.queue.join();
}

TYPED_TEST(Shutdown, a_discard_under_load_either_hands_out_or_cancels_each_accepted_task) {
  Load<TypeParam> load;
  load.run(ShutdownMode::discard);
  for (TaskId id = 0; id < load.total; ++id) {
    const auto expected = load.accepted[id] == 0     ? TaskStatus::unknown
                          : load.handed_out[id] == 0 ? TaskStatus::cancelled
                                                     : TaskStatus::completed;
    ASSERT_EQ(load.queue.get_status(id), expected) << "task " << id;
    ASSERT_LE(load.handed_out[id], load.accepted[id]) << "task " << id;
  }
  EXPECT_EQ(load.queue.size(), 0U);
  load.queue.join();
}

TYPED_TEST(Shutdown, an_add_under_way_when_a_drain_begins_is_refused_or_handed_out) {
  // The only taker comes right after the shutdown, while the add may be half done: to be told
  // `shut_down` then would strand the task.
  std::optional<TypeParam> queue;
  constexpr auto rounds_at_most = scaled(5'000);
  std::vector<AddResult> added(rounds_at_most, AddResult::full);
  std::vector<TakeOutcome> taken(rounds_at_most, TakeOutcome::timed_out);
  const auto open = [&](std::uint64_t /*round*/) { queue.emplace(limits); };
  const auto rounds = in_rounds(rounds_at_most, 2, open, [&](std::uint64_t round, unsigned member) {
    if (member == 0) {
      added[round] = queue->add_task(round, 0, {});
    } else {
      queue->shutdown(ShutdownMode::drain);
      taken[round] = queue->get_next_task(far_ahead()).outcome;
    }
  });
  for (std::uint64_t round = 0; round < rounds; ++round) {
    const bool is_accepted = added[round] == AddResult::added;
    ASSERT_EQ(added[round], is_accepted ? AddResult::added : AddResult::shut_down);
    ASSERT_EQ(taken[round], is_accepted ? TakeOutcome::task : TakeOutcome::shut_down);
  }
}

TYPED_TEST(Shutdown, takes_are_told_at_once_although_refused_adds_are_tried_again_and_again) {
  constexpr unsigned retrying = 8;
  for (const auto mode : {ShutdownMode::drain, ShutdownMode::discard}) {
    TypeParam queue{limits};
    std::atomic<bool> over{false};
    std::atomic<unsigned> refused{0};
    together(retrying + 1, [&](unsigned member) {
      if (member < retrying) {
        while (queue.add_task(member, 0, {}) != AddResult::shut_down) {
        }
        ++refused;
        while (!over) (void)queue.add_task(member, 0, {});
        return;
      }
      queue.shutdown(mode);
      auto outcome = TakeOutcome::task;
      while (outcome == TakeOutcome::task) outcome = queue.get_next_task(after(10s)).outcome;
      EXPECT_EQ(outcome, TakeOutcome::shut_down);
      EXPECT_TRUE(eventually([&] { return refused == retrying; }));
      // From now on every add began on a closed queue, so not even a take that cannot wait meets one.
      for (std::uint64_t look = 0; look < scaled(100); ++look) {
        EXPECT_EQ(queue.get_next_task({}).outcome, TakeOutcome::shut_down);
        std::this_thread::sleep_for(100us);  // for the others to be somewhere else
      }
      over = true;
    });
    EXPECT_EQ(queue.size(), 0U);
  }
}

TYPED_TEST(Shutdown, nothing_is_accepted_after_it_has_returned) {
  for (std::uint64_t round = 0; round < scaled(60); ++round) {
    TypeParam queue{limits};
    std::atomic<bool> returned{false};
    std::atomic<int> late{0};
    together(2, [&](unsigned member) {
      if (member == 0) {
        queue.shutdown(ShutdownMode::discard);
        returned = true;
        return;
      }
      for (TaskId id = 0;; ++id) {
        const bool is_late = returned;
        const auto result = queue.add_task(id % 64, 0, {});
        if (result == AddResult::added && is_late) ++late;
        if (result == AddResult::shut_down) return;
      }
    });
    ASSERT_EQ(late, 0);
    ASSERT_EQ(queue.size(), 0U);
    queue.join();
  }
}

}  // namespace
}  // namespace lockbench::testing_support
