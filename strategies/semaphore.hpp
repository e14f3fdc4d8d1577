#pragma once

#include <mutex>

#include "strategies/locks/poll_wait.hpp"
#include "strategies/locks/posix_semaphore.hpp"
#include "strategies/storage/locked_task_queue.hpp"

namespace lockbench {

/// Keeps a permit for each queued task. The permit of an added task is posted once the lock is free, or
/// else the thread that it wakes would at once sleep again, at the lock. A thread that waits for a task
/// claims a permit first, and then locks to find a task for it. Whenever the lock is free:
///
///     permits + claimants + posts to come >= queued tasks
///
/// So a waiter may miss a task in the instant between the unlock and the post of an add; then the post
/// wakes it, and nobody sleeps on while a task is queued. The left side may be larger, by at most the
/// number of threads: a task may be taken or cancelled before its permit is posted, or while a
/// claimant holds it. Whoever claims such a permit finds nothing, drops it and waits again. Such
/// permits do not add up, since each task that is taken or cancelled takes any permit with it.
///
/// `Semaphore` has the interface of `PosixSemaphore`. Offers what `PollingSignal` does.
template <class Lock, class Semaphore>
class PermitSignal {
public:
  using Guard = std::unique_lock<Lock>;
  struct Wait {
    bool claimed = false;  ///< a take that waits holds a permit
    PollWait poll{};       ///< for `join`, which polls
  };

  void task_added(Guard& guard) { post(guard); }
  void task_removed() noexcept { (void)permits_.try_acquire(); }
  void became_idle(Guard& /*guard*/) noexcept {}
  /// From now on there is one permit too many. A waiter that finds nothing for it passes it on, so
  /// the waiters wake one another.
  void shut_down(Guard& guard) { post(guard); }

  Wait begin_wait(Deadline deadline) { return {permits_.try_acquire_until(deadline)}; }
  bool wait_for_task(Guard& guard, Wait& wait, Deadline deadline) {
    if (!wait.claimed) return false;  // the deadline has passed
    guard.unlock();
    wait.claimed = permits_.try_acquire_until(deadline);
    guard.lock();
    return wait.claimed;
  }
  void end_wait(Guard& guard, const Wait& wait, bool found) {
    if (found && !wait.claimed) task_removed();
    if (!found && wait.claimed) post(guard);
  }

  void wait_for_idle(Guard& guard, Wait& wait) {
    guard.unlock();
    wait.poll.pause();
    guard.lock();
  }

private:
  void post(Guard& guard) {
    guard.unlock();
    permits_.release();
  }

  Semaphore permits_;
};

/// Waits for a task asleep in a semaphore, which knows how many there are.
class SemaphoreTaskQueue
    : public LockedTaskQueue<std::mutex, PermitSignal<std::mutex, PosixSemaphore>> {
public:
  static constexpr StrategyTraits traits{
      .name = "semaphore",
      .summary = "a counting semaphore of queued tasks, and a std::mutex",
      .ordering = Ordering::priority_fifo,
      .progress = Progress::blocking,
      .waits = Waits::parks,
      .task_wait = TaskWait::parks,
      .source = "POSIX sem_t (glibc), C++ standard library",
      .tags = {"lock", "blocking"},
  };

  using LockedTaskQueue::LockedTaskQueue;
};
static_assert(TaskQueue<SemaphoreTaskQueue>);

}  // namespace lockbench
