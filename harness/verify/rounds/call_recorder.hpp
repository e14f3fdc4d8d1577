#pragma once

#include <array>
#include <atomic>
#include <chrono>

#include "harness/verify/history/history.hpp"
#include "harness/verify/rounds/any_task_queue.hpp"

namespace lockbench::verify {

using Clock = std::chrono::steady_clock;

/// Makes the calls of one thread and records them. Only that thread may use it until it has ended,
/// except for `finished` and `seen_by_stuck`.
///
/// The payload of a task is its id, so that a task that comes with another task's payload is noticed.
class CallRecorder {
public:
  /// Records at most `most` calls: make no more once `is_full`.
  CallRecorder(AnyTaskQueue& queue, std::uint16_t thread, Clock::time_point start,
               std::size_t most);

  Operation add(TaskId id, int priority);
  Operation try_take();
  Operation take(Deadline deadline);
  Operation status(TaskId id);
  Operation complete(TaskId id);
  Operation cancel(TaskId id);
  Operation forget(TaskId id);
  Operation size();
  Operation join();
  Operation shutdown(ShutdownMode mode);

  [[nodiscard]] std::uint16_t thread() const noexcept { return thread_; }
  [[nodiscard]] bool is_full() const noexcept { return calls_.size() == calls_.capacity(); }
  [[nodiscard]] const History& calls() const noexcept { return calls_; }

  /// The number of calls that have returned. Grows while the thread makes progress. Thread-safe.
  [[nodiscard]] std::size_t finished() const noexcept {
    return finished_.load(std::memory_order_acquire);  // (1) pairs with (2)
  }
  /// What a thread that makes no progress has seen: the calls that returned, and the one that did not.
  /// Thread-safe as long as the thread makes no progress.
  [[nodiscard]] History seen_by_stuck() const;

  /// Whether to look at the payloads of tasks taken: not if other threads may forget these tasks
  /// meanwhile.
  bool checks_payloads = true;

private:
  /// The call under way, for a watcher.
  struct Current {
    std::atomic<bool> under_way{false};
    std::atomic<Call> call{Call::size};
    std::atomic<TaskId> id{0};
    std::atomic<int> priority{0};
    std::atomic<Instant> invoked{0};
    std::atomic<Instant> deadline{never};
  };

  template <class Do>
  Operation record(Operation operation, Do&& call);
  [[nodiscard]] Instant now() const noexcept {
    return static_cast<Instant>((Clock::now() - start_).count());
  }
  void note_task(Operation& operation, const Task& task) const noexcept;

  AnyTaskQueue& queue_;
  Clock::time_point start_;
  std::uint16_t thread_;
  History calls_;
  Current current_;
  std::atomic<std::size_t> finished_{0};
};

}  // namespace lockbench::verify
