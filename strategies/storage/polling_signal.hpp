#pragma once

#include <mutex>

#include "strategies/locks/poll_wait.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {

/// How a `LockedTaskQueue` waits when nobody tells it that a task has arrived: it unlocks, pauses
/// and looks again. The queue calls all of it with the lock held.
template <class Lock>
class PollingSignal {
public:
  using Guard = std::unique_lock<Lock>;
  /// What one waiting call remembers from one pause to the next.
  using Wait = PollWait;
  static constexpr TaskWait task_wait = TaskWait::polls;

  void task_added(Guard& /*guard*/) noexcept {}
  void task_removed() noexcept {}
  void became_idle(Guard& /*guard*/) noexcept {}
  void shut_down(Guard& /*guard*/) noexcept {}

  /// True if it is worth looking again before `deadline`; the lock is held again in any case.
  bool wait_for_task(Guard& guard, Wait& wait, Deadline deadline) {
    guard.unlock();
    const bool in_time = wait.pause_until(deadline);
    guard.lock();
    return in_time;
  }
  void wait_for_idle(Guard& guard, Wait& wait) {
    guard.unlock();
    wait.pause();
    guard.lock();
  }
};

}  // namespace lockbench
