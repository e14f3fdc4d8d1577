#pragma once

#include <cstddef>
#include <mutex>
#include <optional>

#include "strategies/locks/poll_wait.hpp"
#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/hook_point.hpp"
#include "strategies/tests/mutants/original.hpp"
#include "strategies/unsafe.hpp"

namespace lockbench::mutants {

/// A queue under a std::mutex, but the guard of `try_get_next_task` has no name, so it is destroyed
/// at the end of its own line and the rest goes unlocked (clang-tidy's bugprone-unused-raii looks for
/// just this). Correct: `const auto guard = lock();`
///
/// The mutex guards an `UnsafeTaskQueue`, since its races are defined, with a hook point between its
/// checks and acts.
class UnnamedGuard {
public:
  static constexpr auto traits =
      claims("unnamed_guard", "the guard of a take is a temporary, which unlocks at once");
  static constexpr Expectation expected{.caught_by = CaughtBy::conservation};

  explicit UnnamedGuard(QueueLimits limits = {}) : queue_{limits, hook_point} {}

  AddResult add_task(TaskId id, int priority, Payload payload) {
    const auto guard = lock();
    return queue_.add_task(id, priority, payload);
  }
  std::optional<Task> try_get_next_task() {
    (void)lock();
    return queue_.try_get_next_task();
  }
  TakeResult get_next_task(Deadline deadline) {
    for (PollWait wait;;) {
      const auto result = look_for_task();
      if (result.outcome != TakeOutcome::timed_out || !wait.pause_until(deadline)) return result;
    }
  }
  [[nodiscard]] TaskStatus get_status(TaskId id) const {
    const auto guard = lock();
    return queue_.get_status(id);
  }
  Transition complete_task(TaskId id) {
    const auto guard = lock();
    return queue_.complete_task(id);
  }
  Transition cancel_task(TaskId id) {
    const auto guard = lock();
    return queue_.cancel_task(id);
  }
  Transition forget_task(TaskId id) {
    const auto guard = lock();
    return queue_.forget_task(id);
  }
  [[nodiscard]] std::size_t size() const {
    const auto guard = lock();
    return queue_.size();
  }
  void join() {
    for (PollWait wait; outstanding() != 0;) wait.pause();
  }
  void shutdown(ShutdownMode mode) {
    const auto guard = lock();
    queue_.shutdown(mode);
  }

private:
  [[nodiscard]] std::unique_lock<std::mutex> lock() const { return std::unique_lock{mutex_}; }

  TakeResult look_for_task() {
    const auto guard = lock();
    return queue_.get_next_task(Deadline::min());
  }
  [[nodiscard]] std::size_t outstanding() const {
    const auto guard = lock();
    return queue_.outstanding();
  }

  mutable std::mutex mutex_;
  UnsafeTaskQueue queue_;
};
static_assert(TaskQueue<UnnamedGuard>);

}  // namespace lockbench::mutants
