#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "strategies/task_queue.hpp"

namespace lockbench {

/// How a `LockedTaskQueue` waits asleep: one condition for "a task has arrived, or the queue is shut
/// down" and one for "nothing is left to do". Sleepers are counted under the lock, so that nobody
/// is notified in vain and no wake-up is lost. Offers what `PollingSignal` does.
///
/// A wait releases one level of a recursive lock, so the lock must not be held more than once.
template <class Lock, class Condition>
class ConditionSignal {
public:
  using Guard = std::unique_lock<Lock>;
  struct Wait {};

  void task_added(Guard& guard) {
    const bool anyone = waiting_for_task_ != 0;
    guard.unlock();
    if (anyone) task_arrived_.notify_one();
  }
  void task_removed() noexcept {}
  void became_idle(Guard& guard) {
    const bool anyone = waiting_for_idle_ != 0;
    guard.unlock();
    if (anyone) idle_.notify_all();
  }
  /// Discarding may have left nothing to do.
  void shut_down(Guard& guard) {
    guard.unlock();
    task_arrived_.notify_all();
    idle_.notify_all();
  }

  Wait begin_wait(Deadline /*deadline*/) noexcept { return {}; }
  /// True if it is worth looking again before `deadline`. A notification may come together with the
  /// deadline, so a waiter has to look once more in any case.
  bool wait_for_task(Guard& guard, Wait& /*wait*/, Deadline deadline) {
    const auto now = Deadline::clock::now();
    if (now >= deadline) return false;
    ++waiting_for_task_;
    (void)task_arrived_.wait_until(guard, std::min(deadline, now + longest_sleep));
    --waiting_for_task_;
    return true;
  }
  void end_wait(Guard& /*guard*/, const Wait& /*wait*/, bool /*found*/) noexcept {}

  void wait_for_idle(Guard& guard, Wait& /*wait*/) {
    ++waiting_for_idle_;
    (void)idle_.wait_until(guard, Deadline::clock::now() + longest_sleep);
    --waiting_for_idle_;
  }

private:
  /// glibc before 2.41 can, very rarely, lose a signal of a condition variable that several threads
  /// wait on (its bug 25847). Looking again after this long turns a hang into a hiccup.
  static constexpr std::chrono::milliseconds longest_sleep{100};

  Condition task_arrived_;
  Condition idle_;
  std::uint32_t waiting_for_task_ = 0;
  std::uint32_t waiting_for_idle_ = 0;
};

}  // namespace lockbench
