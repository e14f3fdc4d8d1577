#pragma once

#include <mutex>

#include "strategies/locks/poll_wait.hpp"
#include "strategies/locks/posix_semaphore.hpp"
#include "strategies/storage/locked_task_queue.hpp"

namespace lockbench {

/// Keeps a permit for each queued task. Permits change under the lock, together with the tasks that
/// they stand for, except that a thread that waits for a task claims a permit first and then locks
/// to find a task for it. At all times:
///
///     permits + claimants >= queued tasks
///
/// so nobody sleeps while a task is queued. The left side may be larger, by at most the number of
/// threads: a task may be taken or cancelled while a claimant holds the permit. That claimant then
/// finds nothing, drops the permit and waits again.
class PermitSignal {
public:
  using Guard = std::unique_lock<std::mutex>;
  struct Wait {
    bool claimed = false;  ///< a take that waits holds a permit
    PollWait poll{};       ///< for `join`, which polls
  };

  void task_added(Guard& /*guard*/) { permits_.release(); }
  void task_removed() noexcept { (void)permits_.try_acquire(); }
  void became_idle(Guard& /*guard*/) noexcept {}
  /// From now on there is one permit too many. A waiter that finds nothing for it passes it on, so
  /// the waiters wake one another.
  void shut_down(Guard& /*guard*/) { permits_.release(); }

  Wait begin_wait(Deadline deadline) { return {permits_.try_acquire_until(deadline)}; }
  bool wait_for_task(Guard& guard, Wait& wait, Deadline deadline) {
    if (!wait.claimed) return false;  // the deadline has passed
    guard.unlock();
    wait.claimed = permits_.try_acquire_until(deadline);
    guard.lock();
    return wait.claimed;
  }
  void end_wait(const Wait& wait, bool found) {
    if (found && !wait.claimed) task_removed();
    if (!found && wait.claimed) permits_.release();
  }

  void wait_for_idle(Guard& guard, Wait& wait) {
    guard.unlock();
    wait.poll.pause();
    guard.lock();
  }

private:
  PosixSemaphore permits_;
};

/// Waits for a task asleep in a semaphore, which knows how many there are.
class SemaphoreTaskQueue : public LockedTaskQueue<std::mutex, PermitSignal> {
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
