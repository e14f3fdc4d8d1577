#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <thread>

#include "strategies/locks/cpu_relax.hpp"
#include "strategies/storage/concurrentqueue_package.hpp"
#include "strategies/storage/concurrentqueue_tokens.hpp"
#include "strategies/storage/library_call.hpp"
#include "strategies/storage/lock_free_task_queue.hpp"
#include "strategies/storage/steps.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {

/// Moodycamel's queue and semaphore as a `ParkingFifo`. They are put together as in the package's
/// BlockingConcurrentQueue, but `close` can wake every sleeper.
///
/// The semaphore counts permits. There are never more permits than elements, so a thread with a
/// permit finds an element and need not ask whether the queue is empty. `close` adds one permit for
/// which there is no element. A thread that finds nothing for its permit passes it on, and so wakes
/// the next. Only tests use another `Semaphore` than the package's.
template <class Semaphore = moodycamel::LightweightSemaphore>
class MoodycamelBlockingFifo {
public:
  explicit MoodycamelBlockingFifo(std::uint32_t capacity) : queue_{capacity} {}

  bool try_push(RecordIndex index) {
    const LibraryCall call;
    if (!queue_.enqueue(index)) return false;
    permits_.signal();
    return true;
  }

  std::optional<RecordIndex> try_pop() {
    const LibraryCall call;
    return permits_.tryWait() ? pop_with_permit() : std::nullopt;
  }

  /// Spins as long as the package does by default, then sleeps. Returns nothing at once when closed.
  std::optional<RecordIndex> pop_until(Deadline deadline) {
    while (!closed_.load(std::memory_order_acquire)) {
      const auto now = Deadline::clock::now();
      if (now >= deadline) break;
      const LibraryCall call;
      if (permits_.wait(microseconds_of(deadline - now))) return pop_with_permit();
    }
    return std::nullopt;
  }

  void close() {
    // (1) release: the thread that gets the permit of the signal below sees this store in (2).
    closed_.store(true, std::memory_order_release);
    permits_.signal();
  }

private:
  std::optional<RecordIndex> pop_with_permit() {
    constexpr unsigned looks_before_yield = 64;
    RecordIndex index = no_record;
    for (unsigned look = 1; !queue_.try_dequeue(index); ++look) {
      // (2) acquire: pairs with (1).
      if (closed_.load(std::memory_order_acquire) && queue_.size_approx() == 0) {
        permits_.signal();
        return std::nullopt;
      }
      // The owner of another permit hides the element. It is about to stop, but may need this CPU.
      if (look % looks_before_yield == 0) {
        std::this_thread::yield();
      } else {
        cpu_relax();
      }
    }
    return index;
  }

  /// Rounds up, so that the result is never 0. Before 1.0.4 the package sleeps until a time of the
  /// wall clock. If that clock is set forward, a sleep ends and begins anew. If it is set back, a sleep
  /// is longer by as much, unless a task arrives. Since 1.0.4 the package sleeps by the steady clock.
  /// The package adds the result to the time, so it is bounded, but by so much that a sleeper whom
  /// nobody wakes does not hide that by looking again.
  static std::int64_t microseconds_of(Deadline::duration left) {
    using std::chrono::microseconds;
    constexpr Deadline::duration longest = std::chrono::hours{1};
    return std::chrono::ceil<microseconds>(std::min(left, longest)).count();
  }

  MoodycamelQueue<MoodycamelTraits> queue_;
  alignas(64) Semaphore permits_;
  std::atomic<bool> closed_{false};
};
static_assert(ParkingFifo<MoodycamelBlockingFifo<>>);

/// Adding is lock-free as in `moodycamel`, and `get_next_task` sleeps. Taking is blocking: a taker
/// with a permit waits for its element, which another taker may hide until it takes its next step.
template <class Steps>
class BasicMoodycamelBlockingTaskQueue : public LockFreeTaskQueue<MoodycamelBlockingFifo<>, Steps> {
public:
  static constexpr StrategyTraits traits{
      .name = "moodycamel_blocking",
      .summary = "as moodycamel, and takers sleep on its LightweightSemaphore",
      .ordering = Ordering::fifo_per_producer,
      .progress = Progress::blocking,
      .waits = Waits::spins,
      .task_wait = TaskWait::parks,
      .source = "moodycamel::ConcurrentQueue",
      .tags = {"lockfree", "blocking"},
      .consistency = Consistency::per_task,
  };

  using LockFreeTaskQueue<MoodycamelBlockingFifo<>, Steps>::LockFreeTaskQueue;
};
using MoodycamelBlockingTaskQueue = BasicMoodycamelBlockingTaskQueue<NoSteps>;
static_assert(TaskQueue<MoodycamelBlockingTaskQueue>);

}  // namespace lockbench
