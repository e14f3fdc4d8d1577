#pragma once

#include <algorithm>
#include <chrono>

#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/original.hpp"

namespace lockbench::mutants {

/// The time that is left is worked out once, and every wake-up that brings nothing waits for all of it
/// again: a waiter that others are faster than never times out. Correct: wait until a point in time,
/// which is why POSIX gave `pthread_cond_timedwait` one.
class TimeoutRestarted : public Original<TimeoutRestarted> {
public:
  static constexpr auto traits =
      claims("timeout_restarted", "every wake-up that brings nothing starts the time-out anew");
  static constexpr Expectation expected{.caught_by = CaughtBy::waiting};
  using Original::Original;

  TakeResult get_next_task(Deadline deadline) {
    constexpr Deadline::duration longest = std::chrono::hours{1};  // so that now + timeout exists
    const auto now = Deadline::clock::now();
    const auto timeout =
        deadline < now ? Deadline::duration::zero() : std::min(longest, deadline - now);
    auto guard = lock();
    for (bool in_time = true;;) {
      if (const auto task = take(guard)) return {TakeOutcome::task, *task};
      if (is_shut_down()) return {TakeOutcome::shut_down};
      if (!in_time) return {TakeOutcome::timed_out};
      in_time = task_arrived_.wait_for(guard, timeout) == std::cv_status::no_timeout;
    }
  }
};
static_assert(TaskQueue<TimeoutRestarted>);

}  // namespace lockbench::mutants
