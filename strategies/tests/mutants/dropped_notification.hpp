#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "strategies/complete.hpp"
#include "strategies/condvar.hpp"
#include "strategies/moodycamel_blocking.hpp"
#include "strategies/semaphore.hpp"
#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/shipped.hpp"

/// The shipped strategies that sleep, but every fourth notification of a task is dropped: it lies
/// beside a thread that waits for it. Correct: one notification for each task.

namespace lockbench::mutants {

/// Counts to four. Any thread may call.
class EveryFourth {
public:
  bool is_it() noexcept { return calls_.fetch_add(1, std::memory_order_relaxed) % 4 == 3; }

private:
  std::atomic<unsigned> calls_{0};
};

template <class Condition>
class ForgetfulCondition : public Condition {
public:
  void notify_one() noexcept {
    if (!fourth_.is_it()) Condition::notify_one();
  }

private:
  EveryFourth fourth_;
};

class ForgetfulPermitSignal : public PermitSignal<std::mutex, PosixSemaphore> {
public:
  void task_added(Guard& guard) {
    if (!fourth_.is_it()) PermitSignal::task_added(guard);
  }

private:
  EveryFourth fourth_;
};

class ForgetfulLightweightSemaphore : public moodycamel::LightweightSemaphore {
public:
  void signal() {
    if (!fourth_.is_it()) LightweightSemaphore::signal();
  }

private:
  EveryFourth fourth_;
};

/// `LockedTaskQueue` that sleeps in forgetful conditions.
template <class Lock, class Condition>
using ForgetfulTaskQueue =
    LockedTaskQueue<Lock, ConditionSignal<Lock, ForgetfulCondition<Condition>>>;

class CondvarDroppedNotification : public ForgetfulTaskQueue<std::mutex, std::condition_variable> {
public:
  static constexpr auto traits = claims_of<CondvarTaskQueue>(
      "condvar_dropped_notification", "condvar, but every fourth notify_one is dropped");
  static constexpr Expectation expected{.caught_by = CaughtBy::waiting};
  using LockedTaskQueue::LockedTaskQueue;
};
static_assert(TaskQueue<CondvarDroppedNotification>);

class CompleteDroppedNotification
    : public ForgetfulTaskQueue<std::recursive_mutex, std::condition_variable_any> {
public:
  static constexpr auto traits = claims_of<CompleteTaskQueue>(
      "complete_dropped_notification", "complete, but every fourth notify_one is dropped");
  static constexpr Expectation expected{.caught_by = CaughtBy::waiting};
  using LockedTaskQueue::LockedTaskQueue;
};
static_assert(TaskQueue<CompleteDroppedNotification>);

/// Whoever sleeps beside a task finds it when he looks again, so that nothing hangs: a delay is all
/// that shows.
class CondvarLateNotification : public CondvarDroppedNotification {
public:
  static constexpr auto traits =
      claims_of<CondvarTaskQueue>("condvar_late_notification",
                                  "condvar, but every fourth notify_one is dropped, and waiters "
                                  "find out when they look again after 100 ms");
  static constexpr Expectation expected{.caught_by = CaughtBy::waiting};
  using CondvarDroppedNotification::CondvarDroppedNotification;

  void set_longest_sleep(Deadline::duration longest) = delete;
};
static_assert(TaskQueue<CondvarLateNotification> && !LooksAgain<CondvarLateNotification>);

class SemaphoreDroppedPost : public LockedTaskQueue<std::mutex, ForgetfulPermitSignal> {
public:
  static constexpr auto traits = claims_of<SemaphoreTaskQueue>(
      "semaphore_dropped_post", "semaphore, but every fourth post is dropped");
  static constexpr Expectation expected{.caught_by = CaughtBy::waiting};
  using LockedTaskQueue::LockedTaskQueue;
};
static_assert(TaskQueue<SemaphoreDroppedPost>);

/// A task without a permit is found by nobody, so this loses tasks.
class MoodycamelBlockingDroppedSignal
    : public LockFreeTaskQueue<MoodycamelBlockingFifo<ForgetfulLightweightSemaphore>> {
public:
  static constexpr auto traits =
      claims_of<MoodycamelBlockingTaskQueue>("moodycamel_blocking_dropped_signal",
                                             "moodycamel_blocking, but every fourth signal of its "
                                             "semaphore is dropped");
  static constexpr Expectation expected{.caught_by = CaughtBy::contract};
  using LockFreeTaskQueue::LockFreeTaskQueue;
};
static_assert(TaskQueue<MoodycamelBlockingDroppedSignal>);

}  // namespace lockbench::mutants
