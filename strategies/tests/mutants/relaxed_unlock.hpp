#pragma once

#include <atomic>
#include <thread>

#include "strategies/storage/locked_task_queue.hpp"
#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/original.hpp"

namespace lockbench::mutants {

/// A spin lock that is unlocked by a relaxed store: nothing makes its owner's writes visible to the
/// next owner. Correct: release, which pairs with the acquire of the exchange. x86 orders all stores, and
/// the compilers at hand do not move others past this one, so here it shows to ThreadSanitizer alone.
class RelaxedUnlockSpinLock {
public:
  void lock() noexcept {
    while (held_.exchange(true, std::memory_order_acquire)) std::this_thread::yield();
  }
  void unlock() noexcept { held_.store(false, std::memory_order_relaxed); }

private:
  std::atomic<bool> held_{false};
};

/// `mutex`, with the lock above.
class RelaxedUnlock : public LockedTaskQueue<RelaxedUnlockSpinLock> {
public:
  static constexpr auto traits =
      claims("relaxed_unlock", "a spin lock is let go of by a relaxed store");
  static constexpr Expectation expected{
      .caught_by = CaughtBy::thread_sanitizer, .observable_on_x86 = false, .data_race = true};

  using LockedTaskQueue::LockedTaskQueue;
};
static_assert(TaskQueue<RelaxedUnlock>);

}  // namespace lockbench::mutants
