#pragma once

#include <atomic>

#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/hook_point.hpp"
#include "strategies/tests/mutants/original.hpp"

namespace lockbench::mutants {

/// Shutting down sets an atomic flag and notifies, without the lock: a waiter that has seen the flag
/// down and is about to sleep misses both. That the flag is atomic does not help; whatever a waiter
/// waits for has to change under the lock it looks under. Correct: take the lock to set the flag.
class ShutdownWithoutLock : public Original<ShutdownWithoutLock> {
public:
  static constexpr auto traits = claims(
      "shutdown_without_lock", "shutdown sets its flag and notifies without taking the lock");
  static constexpr Expectation expected{.caught_by = CaughtBy::waiting};
  using Original::Original;

  void shutdown(ShutdownMode mode) {
    closed_.store(true, std::memory_order_release);
    announce_shutdown();
    if (mode == ShutdownMode::drain) return;
    const auto guard = lock();
    discard();
    announce_if_idle();
  }

private:
  friend Original;

  [[nodiscard]] bool is_shut_down() const noexcept {
    return closed_.load(std::memory_order_acquire);
  }
  bool sleep_until_task(Guard& guard, Deadline deadline) {
    hook_point();
    return Original::sleep_until_task(guard, deadline);
  }

  std::atomic<bool> closed_{false};
};
static_assert(TaskQueue<ShutdownWithoutLock>);

}  // namespace lockbench::mutants
