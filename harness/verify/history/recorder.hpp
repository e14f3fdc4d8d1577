#pragma once

#include <array>
#include <atomic>
#include <optional>

#include "harness/verify/history/history.hpp"
#include "harness/verify/rounds/any_task_queue.hpp"

namespace lockbench::verify {

using Clock = std::chrono::steady_clock;

/// Makes one thread's calls and keeps what it saw of them. Everything but `finished` and `pending` is
/// for that thread alone, until it has ended.
///
/// The payload of a task is its id, so that a task which comes with another's payload is noticed.
class ThreadRecorder {
public:
  /// Keeps at most `most` calls: who makes more must stop at `is_full`.
  ThreadRecorder(AnyTaskQueue& queue, std::uint16_t thread, Clock::time_point start,
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

  /// Calls that have returned: grows while the thread gets on. Thread-safe.
  [[nodiscard]] std::size_t finished() const noexcept {
    return finished_.load(std::memory_order_acquire);  // (1) pairs with (2)
  }
  /// What a thread that gets on no more has seen: the calls that returned, and the one that did not.
  /// Thread-safe as long as the thread does not get on.
  [[nodiscard]] History seen_by_stuck() const;

  /// Payloads are looked at as tasks are taken: not where another thread may forget them meanwhile.
  bool checks_payloads = true;

private:
  /// A call under way, for a watcher.
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
  /// Whether its payload is its own.
  [[nodiscard]] bool is_intact(const Task& task) const noexcept;

  AnyTaskQueue& queue_;
  Clock::time_point start_;
  std::uint16_t thread_;
  History calls_;
  Current current_;
  std::atomic<std::size_t> finished_{0};
};

/// The calls of several threads as one history.
[[nodiscard]] History merged(std::span<const History> parts);

}  // namespace lockbench::verify
