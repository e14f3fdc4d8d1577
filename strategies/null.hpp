#pragma once

#include <atomic>
#include <cstddef>
#include <optional>

#include "strategies/storage/checked_limits.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {

/// Does nothing and stores nothing, so what is measured with it is the harness. Every task can be
/// added, every take finds one, every transition succeeds, until `shutdown`.
class NullTaskQueue {
public:
  static constexpr StrategyTraits traits{
      .name = "null",
      .summary = "does nothing: measures the harness itself",
      .ordering = Ordering::none,
      .progress = Progress::wait_free,
      .waits = Waits::never,
      .task_wait = TaskWait::never,
      .source = "a baseline",
      .tags = {"baseline"},
      .conformance = Conformance::none,
  };

  explicit NullTaskQueue(QueueLimits limits = {}) { (void)checked(limits); }

  AddResult add_task(TaskId /*id*/, int /*priority*/, Payload /*payload*/) noexcept {
    return is_open() ? AddResult::added : AddResult::shut_down;
  }
  std::optional<Task> try_get_next_task() noexcept {
    return is_open() ? std::optional{Task{}} : std::nullopt;
  }
  TakeResult get_next_task(Deadline /*deadline*/) noexcept {
    return {is_open() ? TakeOutcome::task : TakeOutcome::shut_down};
  }
  [[nodiscard]] TaskStatus get_status(TaskId /*id*/) const noexcept {
    return is_open() ? TaskStatus::processing : TaskStatus::unknown;
  }
  Transition complete_task(TaskId /*id*/) noexcept { return transition(); }
  Transition cancel_task(TaskId /*id*/) noexcept { return transition(); }
  Transition forget_task(TaskId /*id*/) noexcept { return transition(); }
  [[nodiscard]] std::size_t size() const noexcept { return 0; }
  void join() noexcept {}
  void shutdown(ShutdownMode /*mode*/) noexcept { open_.store(false, std::memory_order_relaxed); }

private:
  /// Read on every call, so that a compiler cannot tell the answers and drop the caller's work on
  /// them. Relaxed: the flag stands for nothing else.
  [[nodiscard]] bool is_open() const noexcept { return open_.load(std::memory_order_relaxed); }
  [[nodiscard]] Transition transition() const noexcept {
    return is_open() ? Transition::ok : Transition::unknown;
  }

  std::atomic<bool> open_{true};
};
static_assert(TaskQueue<NullTaskQueue>);

}  // namespace lockbench
