#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "strategies/storage/lock_free_task_queue.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {

/// A package's own queue as `raw_fifo` uses it, without ids, statuses, counts or payloads: it holds
/// 32-bit values. It answers the calls with which the engine fills, empties and audits a window, and
/// is no task queue: it answers `unknown` to questions about tasks.
template <RecordFifo Fifo>
class RawFifoQueue {
public:
  static constexpr StrategyTraits traits{.name = "raw_fifo",
                                         .summary = "a package's bare queue",
                                         .ordering = Ordering::none,
                                         .progress = Progress::lock_free,
                                         .waits = Waits::never,
                                         .task_wait = TaskWait::never,
                                         .source = "the package"};

  explicit RawFifoQueue(QueueLimits limits = {}) : fifo_{limits.capacity} {}

  [[nodiscard]] bool push(std::uint32_t value) { return fifo_.try_push(value); }
  /// Pops as the package does, without the retries that a strategy's contract may ask for.
  [[nodiscard]] std::optional<std::uint32_t> pop() {
    if constexpr (requires { fifo_.try_pop_once(); }) {
      return fifo_.try_pop_once();
    } else {
      return fifo_.try_pop();
    }
  }

  // Takes ids below 2^32 - 1. Adds 1, since a package may give the value 0 a meaning of its own.
  AddResult add_task(TaskId id, int /*priority*/, Payload /*payload*/) {
    return push(static_cast<std::uint32_t>(id + 1)) ? AddResult::added : AddResult::full;
  }
  std::optional<Task> try_get_next_task() {
    const auto value = fifo_.try_pop();  // when emptied, nothing must be missed
    if (!value) return std::nullopt;
    return Task{.id = TaskId{*value} - 1};
  }
  TakeResult get_next_task(Deadline /*deadline*/) {
    const auto task = try_get_next_task();
    return task ? TakeResult{TakeOutcome::task, *task} : TakeResult{TakeOutcome::timed_out};
  }
  [[nodiscard]] TaskStatus get_status(TaskId /*id*/) const noexcept { return TaskStatus::unknown; }
  Transition complete_task(TaskId /*id*/) noexcept { return Transition::unknown; }
  Transition cancel_task(TaskId /*id*/) noexcept { return Transition::unknown; }
  Transition forget_task(TaskId /*id*/) noexcept { return Transition::unknown; }
  /// Always 0, since no package counts exactly.
  [[nodiscard]] std::size_t size() const noexcept { return 0; }
  void join() noexcept {}
  void shutdown(ShutdownMode /*mode*/) noexcept {}

private:
  Fifo fifo_;
};

}  // namespace lockbench
