#pragma once

#include <mutex>

#include "strategies/locks/poll_wait.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {

/// How a `LockedTaskQueue` waits when nobody tells it that a task has arrived: it unlocks, pauses
/// and looks again. The queue calls everything here with the lock held, but for `begin_wait`.
template <class Lock>
class PollingSignal {
public:
  using Guard = std::unique_lock<Lock>;
  /// What one waiting call remembers from one pause to the next.
  using Wait = PollWait;

  void task_added(Guard& /*guard*/) noexcept {}
  /// A task was cancelled, or taken without a wait.
  void task_removed() noexcept {}
  void became_idle(Guard& /*guard*/) noexcept {}
  void shut_down(Guard& /*guard*/) noexcept {}

  /// Begins a blocking take, before it locks.
  Wait begin_wait(Deadline /*deadline*/) noexcept { return {}; }
  /// True if it is worth looking again before `deadline`; the lock is held again in any case.
  bool wait_for_task(Guard& guard, Wait& wait, Deadline deadline) {
    guard.unlock();
    const bool in_time = wait.pause_until(deadline);
    guard.lock();
    return in_time;
  }
  /// Ends a blocking take, which `found` a task or not.
  void end_wait(const Wait& /*wait*/, bool /*found*/) noexcept {}

  void wait_for_idle(Guard& guard, Wait& wait) {
    guard.unlock();
    wait.pause();
    guard.lock();
  }
};

}  // namespace lockbench
