/// Each planted bug is one: a thread or two show what it does wrong, and that the original, in the
/// same situation, does not. How long it takes to find by chance is for `bench verify --mutants`.

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "strategies/tests/conformance/conformance.hpp"
#include "strategies/tests/mutants/held_at_hook.hpp"
#include "strategies/tests/mutants/lock_free_original.hpp"
#include "strategies/tests/mutants/original.hpp"
#include "strategies/tests/mutants/registry.hpp"
#include "strategies/tests/mutants/showing.hpp"

namespace lockbench::mutants {
namespace {

using namespace std::chrono_literals;
using testing_support::add;
using testing_support::cancel_and_forget;
using testing_support::far_ahead;
using testing_support::finish;
using testing_support::limits;
using testing_support::take;

template <class Broken>
void expect_mutant_fails(auto is_broken) {
  expect_only_the_mutant_fails<Broken, OriginalTaskQueue>(is_broken);
}
template <class Broken>
void expect_lock_free_mutant_fails(auto is_broken) {
  expect_only_the_mutant_fails<Broken, LockFreeOriginalTaskQueue>(is_broken);
}

/// A queue whose waiters can be woken for nothing, as a condition variable may do by itself.
template <class Q>
struct Spurious : Q {
  using Q::Q;
  void wake_for_nothing() { this->task_arrived_.notify_all(); }
};

struct PlantedBug : testing_support::WatchedTest {};

// --- the registry --------------------------------------------------------------------------------

struct PlantedBugs : testing_support::WatchedTest {};

TEST_F(PlantedBugs, are_at_least_24_and_each_has_a_name_of_its_own) {
  std::set<std::string_view> names;
  for (const auto& row : mutant_table<Mutants>()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_FALSE(row.mistake.empty()) << row.name;
  }
  EXPECT_GE(names.size(), 24U);
}

TEST_F(PlantedBugs, that_show_to_no_check_of_answers_show_to_thread_sanitizer) {
  for (const auto& row : mutant_table<Mutants>()) {
    const bool only_to_sanitizer = row.expected.caught_by == CaughtBy::thread_sanitizer;
    EXPECT_EQ(only_to_sanitizer, !row.expected.observable_on_x86) << row.name;
    if (only_to_sanitizer) {
      EXPECT_TRUE(row.expected.data_race) << row.name;
    }
  }
}

TEST_F(PlantedBugs, that_can_be_observed_are_each_shown_by_a_test_below) {
  expect_each_is_shown(mutant_table<MutantsOfOriginals>());
}

TEST_F(PlantedBugs, behave_on_one_thread_that_does_nothing_special) {
  for_each_strategy(Mutants{}, []<TaskQueue Q>() {
    if constexpr (!std::same_as<Q, CapacityOffByOne>) {
      Q queue{limits};
      for (TaskId id = 1; id <= 3; ++id) {
        EXPECT_EQ(queue.add_task(id, 7, {}), AddResult::added) << Q::traits.name;
        EXPECT_EQ(queue.size(), 1U) << Q::traits.name;
        EXPECT_EQ(take(queue), id) << Q::traits.name;
        EXPECT_TRUE(finish(queue, id)) << Q::traits.name;
      }
      queue.join();
      queue.shutdown(ShutdownMode::discard);
      EXPECT_EQ(queue.get_next_task(far_ahead()).outcome, TakeOutcome::shut_down) << Q::traits.name;
    }
  });
}

// --- wrong answers to one thread -------------------------------------------------------------------

TEST_F(PlantedBug, size_drift) {
  expect_mutant_fails<SizeDrift>([]<class Q>() {
    Q queue{limits};
    return !(add(queue, 1) && cancel_and_forget(queue, 1) && queue.size() == 0);
  });
}

TEST_F(PlantedBug, cancelled_task_handed_out) {
  expect_mutant_fails<CancelledTaskHandedOut>([]<class Q>() {
    Q queue{limits};
    if (!add(queue, 1) || queue.cancel_task(1) != Transition::ok) return true;
    return take(queue).has_value();
  });
}

TEST_F(PlantedBug, forgotten_id_revived) {
  expect_mutant_fails<ForgottenIdRevived>([]<class Q>() {
    Q queue{limits};
    if (!add(queue, 1, 9) || !cancel_and_forget(queue, 1)) return true;
    if (!add(queue, 1, 0) || !add(queue, 2, 5)) return true;
    return take(queue) != 2U;
  });
}

TEST_F(PlantedBug, drain_drops_tasks) {
  expect_mutant_fails<DrainDropsTasks>([]<class Q>() {
    Q queue{limits};
    if (!add(queue, 1)) return true;
    queue.shutdown(ShutdownMode::drain);
    return take(queue) != 1U;
  });
}

TEST_F(PlantedBug, capacity_off_by_one) {
  expect_mutant_fails<CapacityOffByOne>([]<class Q>() {
    Q queue{{.capacity = 1, .payload_bytes = 0}};
    return !add(queue, 1) || queue.add_task(2, 0, {}) != AddResult::full;
  });
}

TEST_F(PlantedBug, priority_inverted) {
  expect_mutant_fails<PriorityInverted>([]<class Q>() {
    Q queue{limits};
    return !add(queue, 1, 1) || !add(queue, 2, 2) || take(queue) != 2U;
  });
}

TEST_F(PlantedBug, ties_reversed) {
  expect_mutant_fails<TiesReversed>([]<class Q>() {
    Q queue{limits};
    return !add(queue, 1, 1) || !add(queue, 2, 1) || take(queue) != 1U;
  });
}

TEST_F(PlantedBug, passed_deadline_times_out) {
  expect_mutant_fails<PassedDeadlineTimesOut>([]<class Q>() {
    Q queue{limits};
    return !add(queue, 1) || queue.get_next_task(Deadline{}).outcome != TakeOutcome::task;
  });
}

// --- check, then act -------------------------------------------------------------------------------

TEST_F(PlantedBug, lost_count_update) {
  expect_mutant_fails<LostCountUpdate>([]<class Q>() {
    Q queue{limits};
    HeldAtHook held;
    auto first = held.begin([&] { return add(queue, 1); });
    const bool second = add(queue, 2);
    held.let_go();
    return !(first.get() && second && queue.size() == 2);
  });
}

/// A thread's take is held; another thread takes. True if both got the only task.
constexpr auto hands_out_twice = []<class Q>() {
  Q queue{limits};
  if (!add(queue, 1)) return true;
  HeldAtHook held;
  auto first = held.begin([&] { return take(queue); });
  const auto second = take(queue);
  held.let_go();
  return first.get() == second;
};

TEST_F(PlantedBug, take_check_then_act) {
  expect_mutant_fails<TakeCheckThenAct>(hands_out_twice);
}

TEST_F(PlantedBug, unnamed_guard) {
  expect_mutant_fails<UnnamedGuard>(hands_out_twice);
}

TEST_F(PlantedBug, complete_check_then_act) {
  expect_mutant_fails<CompleteCheckThenAct>([]<class Q>() {
    Q queue{limits};
    if (!add(queue, 1) || take(queue) != 1U) return true;
    HeldAtHook held;
    auto first = held.begin([&] { return queue.complete_task(1); });
    const auto second = queue.complete_task(1);
    held.let_go();
    return first.get() == second;
  });
}

TEST_F(PlantedBug, cancel_check_then_act) {
  expect_mutant_fails<CancelCheckThenAct>([]<class Q>() {
    Q queue{limits};
    if (!add(queue, 1)) return true;
    HeldAtHook held;
    auto cancelled = held.begin([&] { return queue.cancel_task(1); });
    const bool taken = take(queue).has_value();
    held.let_go();
    return (cancelled.get() == Transition::ok) == taken;
  });
}

TEST_F(PlantedBug, add_check_then_act) {
  expect_mutant_fails<AddCheckThenAct>([]<class Q>() {
    Q queue{limits};
    HeldAtHook held;
    auto first = held.begin([&] { return add(queue, 1); });
    const bool second = add(queue, 1);
    held.let_go();
    return first.get() == second;
  });
}

TEST_F(PlantedBug, late_add_after_shutdown) {
  expect_mutant_fails<LateAddAfterShutdown>([]<class Q>() {
    Q queue{limits};
    HeldAtHook held;
    auto added = held.begin([&] { return add(queue, 1); });
    queue.shutdown(ShutdownMode::discard);
    held.let_go();
    return added.get() && queue.get_status(1) != TaskStatus::cancelled;
  });
}

TEST_F(PlantedBug, known_before_queued) {
  expect_mutant_fails<KnownBeforeQueued>([]<class Q>() {
    Q queue{limits};
    HeldAtHook held;
    auto added = held.begin([&] { return add(queue, 1); });
    const bool is_queued = queue.get_status(1) == TaskStatus::queued;
    const bool is_found = take(queue).has_value();
    held.let_go();
    return !added.get() || is_queued != is_found;
  });
}

TEST_F(PlantedBug, status_read_after_unlock) {
  expect_mutant_fails<StatusReadAfterUnlock>([]<class Q>() {
    Q queue{limits};
    if (!add(queue, 1) || take(queue) != 1U) return true;
    if (queue.complete_task(1) != Transition::ok) return true;
    HeldAtHook held;
    auto status = held.begin([&] { return queue.get_status(1); });
    if (queue.forget_task(1) != Transition::ok || !add(queue, 2)) return true;
    held.let_go();
    return status.get() == TaskStatus::queued;  // 1 was completed, then unknown
  });
}

// --- waiting ---------------------------------------------------------------------------------------

TEST_F(PlantedBug, notify_only_when_empty) {
  expect_mutant_fails<NotifyOnlyWhenEmpty>(overlooks_the_second_waiter);
}

TEST_F(PlantedBug, notify_before_add) {
  expect_mutant_fails<NotifyBeforeAdd>([]<class Q>() {
    return within_a_few_tries<Q>([] {
      Q queue{limits};
      const auto waiter = begin_take(queue);
      std::this_thread::sleep_for(a_while);
      HeldAtHook held;
      auto added = held.begin([&] { return add(queue, 1); });
      std::this_thread::sleep_for(a_while);  // for the waiter to look, and to fall asleep again
      held.let_go();
      const bool sleeps = added.get() && !is_ready(waiter, grace<Q>);
      queue.shutdown(ShutdownMode::drain);
      return sleeps;
    });
  });
}

TEST_F(PlantedBug, notify_one_for_two_conditions) {
  expect_mutant_fails<NotifyOneForTwoConditions>([]<class Q>() {
    return within_a_few_tries<Q>([] {
      Q queue{limits};
      if (!add(queue, 1) || take(queue) != 1U) return true;
      const auto joiner = begin_join(queue);
      std::this_thread::sleep_for(a_while);
      const auto waiter = begin_take(queue);
      std::this_thread::sleep_for(a_while);
      const bool sleeps = add(queue, 2) && !is_ready(waiter, grace<Q>);
      queue.shutdown(ShutdownMode::discard);
      waiter.wait();
      if (queue.get_status(2) == TaskStatus::processing) (void)queue.complete_task(2);
      (void)queue.complete_task(1);
      return sleeps;
    });
  });
}

TEST_F(PlantedBug, cancel_wakes_no_joiner) {
  expect_mutant_fails<CancelWakesNoJoiner>([]<class Q>() {
    return within_a_few_tries<Q>([] {
      Q queue{limits};
      if (!add(queue, 1)) return true;
      const auto joiner = begin_join(queue);
      std::this_thread::sleep_for(a_while);
      if (queue.cancel_task(1) != Transition::ok) return true;
      const bool sleeps = !is_ready(joiner, grace<Q>);
      queue.shutdown(ShutdownMode::discard);
      return sleeps;
    });
  });
}

TEST_F(PlantedBug, shutdown_wakes_one) {
  expect_mutant_fails<ShutdownWakesOne>([]<class Q>() {
    return within_a_few_tries<Q>([] {
      Q queue{limits};
      const std::array waiters{begin_take(queue), begin_take(queue)};
      std::this_thread::sleep_for(a_while);
      queue.shutdown(ShutdownMode::drain);
      const bool one_sleeps = !is_ready(waiters[0], grace<Q>) || !is_ready(waiters[1], grace<Q>);
      queue.shutdown(ShutdownMode::drain);
      return one_sleeps;
    });
  });
}

TEST_F(PlantedBug, shutdown_without_lock) {
  // Not for the original: it does not come to the hook point, and so would not be waited for.
  const auto misses_the_shutdown = []<class Q>() {
    Q queue{limits};
    HeldAtHook held;
    const auto waiter = held.begin([&] { return queue.get_next_task(far_ahead()).outcome; });
    queue.shutdown(ShutdownMode::drain);
    held.let_go();
    const bool sleeps = !is_ready(waiter, grace<Q>);
    queue.shutdown(ShutdownMode::drain);
    return sleeps;
  };
  EXPECT_TRUE(misses_the_shutdown.operator()<ShutdownWithoutLock>());
}

TEST_F(PlantedBug, if_instead_of_while) {
  expect_mutant_fails<IfInsteadOfWhile>([]<class Q>() {
    return within_a_few_tries<Q>([] {
      Spurious<Q> queue{limits};
      if (!add(queue, 1) || take(queue) != 1U || !finish(queue, 1)) return true;
      auto waiter = begin_take(queue, testing_support::after(a_while));
      while (!is_ready(waiter, 1ms)) queue.wake_for_nothing();
      return waiter.get() == TakeOutcome::task;
    });
  });
}

TEST_F(PlantedBug, timeout_restarted) {
  expect_mutant_fails<TimeoutRestarted>([]<class Q>() {
    return within_a_few_tries<Q>([] {
      Spurious<Q> queue{limits};
      const auto waiter = begin_take(queue, testing_support::after(a_while));
      const auto end = testing_support::after(a_while + 2 * grace<Q>);
      while (!is_ready(waiter, a_while / 10) && Deadline::clock::now() < end) {
        queue.wake_for_nothing();
      }
      return !is_ready(waiter);
    });
  });
}

TEST_F(PlantedBug, permit_lost) {
  expect_only_the_mutant_fails<PermitLost, SemaphoreTaskQueue>([]<class Q>() {
    return within_a_few_tries<Q>([] {
      Q queue{limits};
      HeldAtHook held;
      const auto deadline = testing_support::after(a_while * 3);
      auto first = begin_take(queue, deadline);
      std::this_thread::sleep_for(a_while);
      auto second = begin_take(queue);
      std::this_thread::sleep_for(a_while);
      if (!add(queue, 1)) return true;
      std::this_thread::sleep_until(deadline + a_while);
      held.let_go();
      const bool sleeps = first.get() == TakeOutcome::timed_out && !is_ready(second, grace<Q>);
      queue.shutdown(ShutdownMode::drain);
      return sleeps && second.get() == TakeOutcome::task;
    });
  });
}

TEST_F(PlantedBug, locks_in_two_orders) {
  if (under_thread_sanitizer) GTEST_SKIP() << "ThreadSanitizer is there to report it";
  // Threads that wait for one another cannot be ended; the process ends without them.
  const auto deadlocks = []<class Q>() {
    struct Shared {
      Q queue{limits};
      std::atomic<int> finished{0};
    };
    const auto shared = std::make_shared<Shared>();
    HeldAtHook held;
    std::thread{[shared] {
      (void)add(shared->queue, 1);
      ++shared->finished;
    }}.detach();
    std::this_thread::sleep_for(a_while);  // the add has one lock, and is held
    std::thread{[shared] {
      (void)shared->queue.cancel_task(1);
      ++shared->finished;
    }}.detach();
    std::this_thread::sleep_for(a_while);  // the cancellation has the other
    held.let_go();
    const auto end = testing_support::after(grace<Q>);
    while (shared->finished < 2 && Deadline::clock::now() < end) std::this_thread::yield();
    return shared->finished == 0;
  };
  expect_mutant_fails<LocksInTwoOrders>([=]<class Q>() {
    return within_a_few_tries<Q>([=] { return deadlocks.template operator()<Q>(); });
  });
}

// --- lock-free -------------------------------------------------------------------------------------

/// Adds `count` tasks from `first` on, takes what there is, and tells whether that was just these.
bool loses_tasks(TaskQueue auto& queue, TaskId first, TaskId count) {
  for (TaskId id = first; id < first + count; ++id) {
    if (!add(queue, id)) return true;
  }
  for (TaskId id = first; id < first + count; ++id) {
    if (take(queue) != id || !finish(queue, id)) return true;
  }
  return take(queue).has_value() || queue.size() != 0;
}

TEST_F(PlantedBug, aba_free_list) {
  expect_lock_free_mutant_fails<AbaFreeList>([]<class Q>() {
    Q queue{limits};
    HeldAtHook held;
    // Has read the first free node and the one behind it.
    auto added = held.begin([&] { return add(queue, 1); });
    // Both go into the queue, and the first of them, and not the second, comes back.
    if (!add(queue, 2) || !add(queue, 3)) return true;
    (void)take(queue);
    (void)take(queue);
    held.let_go();
    if (!added.get()) return true;
    while (take(queue)) {
    }
    return loses_tasks(queue, 10, 8);
  });
}

TEST_F(PlantedBug, double_release) {
  expect_lock_free_mutant_fails<DoubleRelease>([]<class Q>() {
    Q queue{limits};
    if (!add(queue, 1) || !add(queue, 2)) return true;
    HeldAtHook held;
    auto first = held.begin([&] { return take(queue); });
    (void)take(queue);
    held.let_go();
    (void)first.get();
    return loses_tasks(queue, 10, 8);
  });
}

TEST_F(PlantedBug, value_read_after_swing) {
  expect_lock_free_mutant_fails<ValueReadAfterSwing>([]<class Q>() {
    Q queue{limits};
    if (!add(queue, 1) || !add(queue, 2)) return true;
    HeldAtHook held;
    auto first = held.begin([&] { return take(queue); });
    (void)take(queue);
    if (!add(queue, 3)) return true;
    held.let_go();
    return first.get() != 1U;
  });
}

TEST_F(PlantedBug, lost_race_taken_for_empty) {
  expect_lock_free_mutant_fails<LostRaceTakenForEmpty>([]<class Q>() {
    Q queue{limits};
    if (!add(queue, 1) || !add(queue, 2)) return true;
    HeldAtHook held;
    auto first = held.begin([&] { return take(queue); });
    (void)take(queue);
    held.let_go();
    return !first.get().has_value();
  });
}

TEST_F(PlantedBug, spin_lock_half_held) {
  expect_lock_free_mutant_fails<SpinLockHalfHeld>([]<class Q>() {
    Q queue{limits};
    HeldAtHook held;
    auto first = held.begin([&] { return add(queue, 1); });
    auto second = std::async(std::launch::async, [&] { return add(queue, 2); });
    const bool holds_up = !is_ready(second, grace<Q>);
    held.let_go();
    return holds_up || !first.get() || !second.get();
  });
}

}  // namespace
}  // namespace lockbench::mutants
