#pragma once

#include <mutex>

#include "strategies/locks/posix_semaphore.hpp"
#include "strategies/storage/locked_task_queue.hpp"

namespace lockbench {

/// A permit a queued task. Permits change under the lock, together with the tasks they stand for,
/// except that who waits for a task claims one first and then locks to find a task for it. Always:
///
///     permits + claimants >= queued tasks
///
/// so nobody sleeps while a task is queued. The left side may be larger, by at most the number of
/// threads: a task may be taken or cancelled while the permit is in a claimant's hands. That
/// claimant then finds nothing, drops the permit and waits again.
class PermitSignal : public PollingSignal<std::mutex> {
public:
  static constexpr TaskWait task_wait = TaskWait::parks;

  void task_added(Guard& /*guard*/) { permits_.release(); }
  void task_removed() noexcept { (void)permits_.try_acquire(); }
  /// One permit too many from now on. Whoever finds nothing for it passes it on: the waiters wake
  /// one another.
  void shut_down(Guard& /*guard*/) { permits_.release(); }

  [[nodiscard]] bool claim(Deadline deadline) { return permits_.try_acquire_until(deadline); }
  void pass_on() { permits_.release(); }

private:
  PosixSemaphore permits_;
};

/// Waits for a task asleep in a semaphore, which knows how many there are.
template <class Section>
class BasicSemaphoreTaskQueue : public LockedTaskQueue<Section, std::mutex, PermitSignal> {
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

  using BasicSemaphoreTaskQueue::LockedTaskQueue::LockedTaskQueue;

  TakeResult get_next_task(Deadline deadline) {
    for (;;) {
      const bool claimed = signal_.claim(deadline);
      const auto guard = write();
      const auto task = store_.take();
      if (!task && claimed && !store_.is_shut_down()) continue;
      section_.run();
      if (task) {
        if (!claimed) signal_.task_removed();
        return {TakeOutcome::task, *task};
      }
      if (store_.is_shut_down()) {
        if (claimed) signal_.pass_on();
        return {TakeOutcome::shut_down};
      }
      return {TakeOutcome::timed_out};
    }
  }

private:
  using Locked = LockedTaskQueue<Section, std::mutex, PermitSignal>;
  using Locked::section_;
  using Locked::signal_;
  using Locked::store_;
  using Locked::write;
};
using SemaphoreTaskQueue = BasicSemaphoreTaskQueue<NoCriticalSection>;
static_assert(TaskQueue<SemaphoreTaskQueue>);

}  // namespace lockbench
