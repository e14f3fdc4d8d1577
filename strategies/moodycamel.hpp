#pragma once

#include <cstdint>
#include <optional>

#include "strategies/locks/poll_wait.hpp"
#include "strategies/storage/concurrentqueue_tokens.hpp"
#include "strategies/storage/lock_free_task_queue.hpp"
#include "strategies/storage/steps.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {

/// moodycamel::ConcurrentQueue as a `RecordFifo`. The package keeps a queue for each adding thread,
/// and takers pick from these; see `MoodycamelQueue` for what it allocates.
template <class QueueTraits = MoodycamelTraits>
class MoodycamelFifo {
public:
  explicit MoodycamelFifo(std::uint32_t capacity) : queue_{capacity} {}

  bool try_push(RecordIndex index) { return queue_.enqueue(index); }

  /// The package's own pop. It may find nothing although there is an element; see `try_pop`.
  std::optional<RecordIndex> try_pop_once() {
    RecordIndex index = no_record;
    if (queue_.try_dequeue(index)) return index;
    return std::nullopt;
  }

  /// A pop that loses a race for the last element withdraws in two steps. If another element arrives
  /// between them, that pop hides it from all others. So this looks again where the package finds
  /// nothing but counts something. It leaves the element to the other thread only if that thread
  /// sleeps between its two steps during all of these looks.
  std::optional<RecordIndex> try_pop() {
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
  static constexpr unsigned looks = 24;  // as many as `PollWait` pauses before it sleeps

  MoodycamelQueue<QueueTraits> queue_;
};

/// Everything is lock-free except adds that allocate: each thread's first, and those beyond what was
/// reserved. Tasks of one adding thread are handed out in their order. There is no order between
/// threads.
template <class Steps>
class BasicMoodycamelTaskQueue : public LockFreeTaskQueue<MoodycamelFifo<>, Steps> {
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

  using LockFreeTaskQueue<MoodycamelFifo<>, Steps>::LockFreeTaskQueue;
};
using MoodycamelTaskQueue = BasicMoodycamelTaskQueue<NoSteps>;
static_assert(TaskQueue<MoodycamelTaskQueue>);

}  // namespace lockbench
