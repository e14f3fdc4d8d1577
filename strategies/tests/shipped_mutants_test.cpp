/// Bugs planted in shipped strategies, each shown by the one interleaving that it needs, which the
/// strategy itself survives.

#include <array>
#include <thread>

#include "strategies/tests/mutants/registry.hpp"
#include "strategies/tests/mutants/showing.hpp"

namespace lockbench::mutants {
namespace {

struct PlantedBug : testing_support::WatchedTest {};
struct PlantedBugs : testing_support::WatchedTest {};

TEST_F(PlantedBugs, that_can_be_observed_are_each_shown_by_a_test_below) {
  expect_each_is_shown(mutant_table<MutantsOfShipped>());
}

/// Adds four tasks, each for a thread that has had `nap` to fall asleep. True if one of these threads
/// has no task `within` this time.
template <class Q>
bool leaves_a_waiter_asleep(std::chrono::milliseconds nap, std::chrono::milliseconds within) {
  return within_a_few_tries<Q>([=] {
    Unaided<Q> queue{limits};
    for (TaskId id = 1; id <= 4; ++id) {
      const auto waiter = begin_take(queue);
      std::this_thread::sleep_for(nap);
      if (add(queue, id) && is_ready(waiter, within)) continue;
      queue.shutdown(ShutdownMode::drain);
      return true;
    }
    return false;
  });
}

template <class Broken, class Sound>
void expect_a_waiter_sleeps_on() {
  expect_only_the_mutant_fails<Broken, Sound>(
      []<class Q>() { return leaves_a_waiter_asleep<Q>(a_while, grace<Q>); });
}

TEST_F(PlantedBug, condvar_dropped_notification) {
  expect_a_waiter_sleeps_on<CondvarDroppedNotification, CondvarTaskQueue>();
}
TEST_F(PlantedBug, complete_dropped_notification) {
  expect_a_waiter_sleeps_on<CompleteDroppedNotification, CompleteTaskQueue>();
}
TEST_F(PlantedBug, semaphore_dropped_post) {
  expect_a_waiter_sleeps_on<SemaphoreDroppedPost, SemaphoreTaskQueue>();
}
TEST_F(PlantedBug, moodycamel_blocking_dropped_signal) {
  expect_a_waiter_sleeps_on<MoodycamelBlockingDroppedSignal, MoodycamelBlockingTaskQueue>();
}

TEST_F(PlantedBug, condvar_late_notification) {
  expect_only_the_mutant_fails<CondvarLateNotification, CondvarTaskQueue>([]<class Q>() {
    // All within the 100 ms after which a waiter looks again.
    return leaves_a_waiter_asleep<Q>(20ms, is_mutant<Q> ? 40ms : grace<Q>);
  });
}

/// A thread waits, and the queue is shut down. True if the thread sleeps on.
constexpr auto leaves_a_waiter_behind = []<class Q>() {
  return within_a_few_tries<Q>([] {
    Unaided<Q> queue{limits};
    // Nobody else would end the wait of a mutant.
    const auto deadline = is_mutant<Q> ? testing_support::after(5 * a_while) : far_ahead();
    const auto waiter = begin_take(queue, deadline);
    std::this_thread::sleep_for(a_while);
    queue.shutdown(ShutdownMode::drain);
    return !is_ready(waiter, grace<Q>);
  });
};

TEST_F(PlantedBug, condvar_shutdown_wakes_nobody) {
  expect_only_the_mutant_fails<CondvarShutdownWakesNobody, CondvarTaskQueue>(
      leaves_a_waiter_behind);
}
TEST_F(PlantedBug, complete_shutdown_wakes_nobody) {
  expect_only_the_mutant_fails<CompleteShutdownWakesNobody, CompleteTaskQueue>(
      leaves_a_waiter_behind);
}
TEST_F(PlantedBug, semaphore_shutdown_wakes_nobody) {
  expect_only_the_mutant_fails<SemaphoreShutdownWakesNobody, SemaphoreTaskQueue>(
      leaves_a_waiter_behind);
}
TEST_F(PlantedBug, moodycamel_blocking_shutdown_wakes_nobody) {
  expect_only_the_mutant_fails<MoodycamelBlockingShutdownWakesNobody, MoodycamelBlockingTaskQueue>(
      leaves_a_waiter_behind);
}

/// Two threads join, and the last task ends. True if one of the two sleeps on.
constexpr auto leaves_a_joiner_asleep = []<class Q>() {
  return within_a_few_tries<Q>([] {
    Unaided<Q> queue{limits};
    if (!add(queue, 1) || take(queue) != 1U) return true;
    const std::array joiners{begin_join(queue), begin_join(queue)};
    std::this_thread::sleep_for(a_while);
    const bool completed = queue.complete_task(1) == Transition::ok;
    const bool one_sleeps = !is_ready(joiners[0], grace<Q>) || !is_ready(joiners[1], grace<Q>);
    queue.shutdown(ShutdownMode::drain);
    return !completed || one_sleeps;
  });
};

TEST_F(PlantedBug, condvar_one_joiner_woken) {
  expect_only_the_mutant_fails<CondvarOneJoinerWoken, CondvarTaskQueue>(leaves_a_joiner_asleep);
}
TEST_F(PlantedBug, complete_one_joiner_woken) {
  expect_only_the_mutant_fails<CompleteOneJoinerWoken, CompleteTaskQueue>(leaves_a_joiner_asleep);
}

TEST_F(PlantedBug, condvar_notified_when_empty) {
  expect_only_the_mutant_fails<CondvarNotifiedWhenEmpty, CondvarTaskQueue>(
      overlooks_the_second_waiter);
}
TEST_F(PlantedBug, complete_notified_when_empty) {
  expect_only_the_mutant_fails<CompleteNotifiedWhenEmpty, CompleteTaskQueue>(
      overlooks_the_second_waiter);
}

}  // namespace
}  // namespace lockbench::mutants
