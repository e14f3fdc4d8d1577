#pragma once

#include <atomic>
#include <mutex>
#include <optional>

#include "strategies/locks/cpu_relax.hpp"
#include "strategies/storage/lock_free_task_queue.hpp"
#include "strategies/storage/tagged_link.hpp"
#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/hook_point.hpp"
#include "strategies/tests/mutants/lock_free_original.hpp"

namespace lockbench::mutants {

/// A FIFO under a spin lock. Atomic operations are all that it is made of, and yet whoever is stopped
/// with the lock held stops everybody.
class SpinLockedFifo : public NodeFifo<SpinLockedFifo> {
public:
  using NodeFifo::NodeFifo;

  bool try_push(RecordIndex value) {
    const std::lock_guard guard{*this};
    hook_point();
    return NodeFifo::try_push(value);
  }
  std::optional<RecordIndex> try_pop() {
    const std::lock_guard guard{*this};
    hook_point();
    return NodeFifo::try_pop();
  }

  void lock() noexcept {
    while (locked_.test_and_set(std::memory_order_acquire)) cpu_relax();
  }
  void unlock() noexcept { locked_.clear(std::memory_order_release); }

private:
  std::atomic_flag locked_;
};

/// Correct: a FIFO in which a thread that is stopped anywhere holds up nobody.
class SpinLockHalfHeld : public LockFreeTaskQueue<SpinLockedFifo> {
public:
  static constexpr auto traits = claims_lock_free(
      "spin_lock_half_held", "a spin lock is held for half of each call that adds or takes");
  static constexpr Expectation expected{.caught_by = CaughtBy::progress};
  using LockFreeTaskQueue::LockFreeTaskQueue;
};
static_assert(TaskQueue<SpinLockHalfHeld>);

}  // namespace lockbench::mutants
