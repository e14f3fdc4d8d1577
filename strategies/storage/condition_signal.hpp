#pragma once

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
/// glibc before 2.41 can, very rarely, lose a signal of a condition variable that several threads wait
/// on (its bug 25847). So a sleeper looks again after 100 ms, unless `set_longest_sleep` says
/// otherwise: that turns a hang into a delay.
///
/// A wait releases one level of a recursive lock, so the lock must not be held more than once.
template <class Lock, class Condition>
class ConditionSignal {
public:
  using Guard = std::unique_lock<Lock>;
  struct Wait {};

  /// See `LooksAgain`.
  void set_longest_sleep(Deadline::duration longest) noexcept { longest_sleep_ = longest; }

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
    sleep(task_arrived_, guard, now, deadline);
    --waiting_for_task_;
    return true;
  }
  void end_wait(Guard& /*guard*/, const Wait& /*wait*/, bool /*found*/) noexcept {}

  void wait_for_idle(Guard& guard, Wait& /*wait*/) {
    ++waiting_for_idle_;
    sleep(idle_, guard, Deadline::clock::now(), Deadline::max());
    --waiting_for_idle_;
  }

protected:
  /// Sleeps until notified, but no longer than until `deadline` and for `longest_sleep_`.
  void sleep(Condition& condition, Guard& guard, Deadline now, Deadline deadline) {
    // Not `now + longest_sleep_ < deadline`: the sum may be later than any time there is.
    const bool looks_again = longest_sleep_ < deadline - now;
    (void)condition.wait_until(guard, looks_again ? now + longest_sleep_ : deadline);
  }

  Deadline::duration longest_sleep_ = std::chrono::milliseconds{100};
  Condition task_arrived_;
  Condition idle_;
  std::uint32_t waiting_for_task_ = 0;
  std::uint32_t waiting_for_idle_ = 0;
};

}  // namespace lockbench
