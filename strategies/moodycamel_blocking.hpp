#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <thread>

#include "strategies/locks/cpu_relax.hpp"
#include "strategies/moodycamel.hpp"
#include "strategies/storage/concurrentqueue_package.hpp"
#include "strategies/storage/library_call.hpp"
#include "strategies/storage/lock_free_task_queue.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {

/// The queue and the semaphore of moodycamel, put together as its BlockingConcurrentQueue does, but
/// so that `close` can wake every sleeper: a `ParkingFifo`.
///
/// The semaphore counts permits. There are never more than elements, so whoever has one finds an
/// element, and need not ask whether the queue is empty. `close` adds one permit for which there is
/// no element: whoever is left empty-handed by it gives it on, and so wakes the next.
class MoodycamelBlockingFifo {
public:
  explicit MoodycamelBlockingFifo(std::uint32_t capacity) : queue_{capacity, 0, threads} {}

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

  /// Spins as long as the package does by default, then sleeps. At once nothing when closed.
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
    // (1) release: the signal that follows makes it seen by whoever gets that permit.
    closed_.store(true, std::memory_order_release);
    permits_.signal();
  }

private:
  std::optional<RecordIndex> pop_with_permit() {
    constexpr unsigned looks_before_yield = 64;
    RecordIndex index = no_record;
    for (unsigned look = 1; !queue_.try_dequeue(index); ++look) {
      if (closed_.load(std::memory_order_acquire) && queue_.size_approx() == 0) {
        permits_.signal();
        return std::nullopt;
      }
      // Another permit's owner is just about to free what hides the element, if it has a CPU.
      if (look % looks_before_yield == 0) {
        std::this_thread::yield();
      } else {
        cpu_relax();
      }
    }
    return index;
  }

  /// Rounded up, lest it be none. Before 1.0.4 the package sleeps until a time of the wall clock. One
  /// that is set forward ends a sleep, which then begins anew; one that is set back in a sleep prolongs
  /// it by as much, unless a task comes. Since 1.0.4 it sleeps by the steady clock.
  static std::int64_t microseconds_of(Deadline::duration left) {
    using std::chrono::microseconds;
    constexpr Deadline::duration longest = std::chrono::seconds{1};
    return std::chrono::ceil<microseconds>(std::min(left, longest)).count();
  }

  static constexpr std::size_t threads = 128;

  moodycamel::ConcurrentQueue<RecordIndex, MoodycamelTraits> queue_;
  alignas(64) moodycamel::LightweightSemaphore permits_;
  std::atomic<bool> closed_{false};
};
static_assert(ParkingFifo<MoodycamelBlockingFifo>);

/// Adding is lock-free as in `moodycamel`; `get_next_task` sleeps. A taker that has got a permit waits
/// for its element, which another taker may hide until that one's next step: so taking is blocking.
class MoodycamelBlockingTaskQueue : public LockFreeTaskQueue<MoodycamelBlockingFifo> {
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

  using LockFreeTaskQueue::LockFreeTaskQueue;
};
static_assert(TaskQueue<MoodycamelBlockingTaskQueue>);

}  // namespace lockbench
