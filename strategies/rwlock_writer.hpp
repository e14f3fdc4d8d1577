#pragma once

#include "strategies/locks/writer_preferring_mutex.hpp"
#include "strategies/storage/locked_task_queue.hpp"

namespace lockbench {

/// As `rwlock`, but a waiting writer goes before new readers. So a read that meets a waiting write sleeps
/// until that write is over, and wakes up while the other thread runs into it in turn: where reads and
/// writes mix, threads wake one another instead of working (docs/contract.md has figures).
class RwlockWriterTaskQueue : public LockedTaskQueue<WriterPreferringMutex> {
public:
  static constexpr StrategyTraits traits{
      .name = "rwlock_writer",
      .summary =
          "one writer-preferring rwlock, shared by get_status and size; a read that meets a "
          "waiting write sleeps",
      .ordering = Ordering::priority_fifo,
      .progress = Progress::blocking,
      .waits = Waits::parks,
      .task_wait = TaskWait::polls,
      .source = "glibc (PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP)",
      .tags = {"lock"},
  };

  using LockedTaskQueue::LockedTaskQueue;
};
static_assert(TaskQueue<RwlockWriterTaskQueue>);

}  // namespace lockbench
