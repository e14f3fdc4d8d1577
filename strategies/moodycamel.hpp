#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "strategies/locks/poll_wait.hpp"
#include "strategies/storage/concurrentqueue_package.hpp"
#include "strategies/storage/library_call.hpp"
#include "strategies/storage/lock_free_task_queue.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {

/// The package's defaults, but with indices that are large enough from the start, so that they do not
/// grow while measured. They hold up to 32,768 tasks of one thread, from up to 127 threads. Beyond
/// that they double. They also double where a take is held up while it removes an element, and the
/// thread that added the element adds that many more.
struct MoodycamelTraits : moodycamel::ConcurrentQueueDefaultTraits {
  static constexpr std::size_t IMPLICIT_INITIAL_INDEX_SIZE = 1024;
  static constexpr std::size_t INITIAL_IMPLICIT_PRODUCER_HASH_SIZE = 256;
};

/// moodycamel::ConcurrentQueue as a `RecordFifo`. The package keeps a queue for each adding thread,
/// and takers pick from these. The first add of a thread allocates its queue. Nothing else allocates
/// later, as the constructor allocates blocks for `capacity` elements and for those that 128 threads
/// leave half empty.
template <class QueueTraits = MoodycamelTraits>
class MoodycamelFifo {
public:
  explicit MoodycamelFifo(std::uint32_t capacity) : queue_{capacity, 0, threads} {}

  bool try_push(RecordIndex index) {
    const LibraryCall call;
    return queue_.enqueue(index);
  }

  /// The package's own pop. It may find nothing although there is an element; see `try_pop`.
  std::optional<RecordIndex> try_pop_once() {
    const LibraryCall call;
    RecordIndex index = no_record;
    if (queue_.try_dequeue(index)) return index;
    return std::nullopt;
  }

  /// A pop that loses a race for the last element withdraws in two steps. If another element arrives
  /// between them, that pop hides it from all others. So this looks again where the package finds
  /// nothing but counts something. It leaves the element to the other thread only if that thread
  /// sleeps between its two steps during all of these looks.
  std::optional<RecordIndex> try_pop() {
    const LibraryCall call;
    RecordIndex index = no_record;
    if (queue_.try_dequeue(index)) return index;
    PollWait wait;
    for (unsigned look = 0; look < looks && queue_.size_approx() != 0; ++look) {
      wait.pause();
      if (queue_.try_dequeue(index)) return index;
    }
    return std::nullopt;
  }

private:
  static constexpr std::size_t threads = 128;
  static constexpr unsigned looks = 24;  // as many as `PollWait` pauses before it sleeps

  moodycamel::ConcurrentQueue<RecordIndex, QueueTraits> queue_;
};

/// Everything is lock-free except each thread's first add, which allocates and, since 1.0.4 of the
/// package, locks a mutex of the package. Tasks of one adding thread are handed out in their order.
/// There is no order between threads.
class MoodycamelTaskQueue : public LockFreeTaskQueue<MoodycamelFifo<>> {
public:
  static constexpr StrategyTraits traits{
      .name = "moodycamel",
      .summary = "moodycamel::ConcurrentQueue of records, lock-free id table",
      .ordering = Ordering::fifo_per_producer,
      .progress = Progress::lock_free,
      .waits = Waits::never,
      .task_wait = TaskWait::polls,
      .source = "moodycamel::ConcurrentQueue",
      .tags = {"lockfree"},
      .consistency = Consistency::per_task,
  };

  using LockFreeTaskQueue::LockFreeTaskQueue;
};
static_assert(TaskQueue<MoodycamelTaskQueue>);

}  // namespace lockbench
