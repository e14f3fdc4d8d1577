#pragma once

#include <shared_mutex>

#include "strategies/storage/locked_task_queue.hpp"

namespace lockbench {

/// Lets reads run side by side. On glibc this lock prefers readers, which can starve writers.
class RwlockTaskQueue : public LockedTaskQueue<std::shared_mutex> {
public:
  static constexpr StrategyTraits traits{
      .name = "rwlock",
      .summary = "one std::shared_mutex, shared by get_status and size",
      .ordering = Ordering::priority_fifo,
      .progress = Progress::blocking,
      .waits = Waits::parks,
      .task_wait = TaskWait::polls,
      .source = "C++ standard library",
      .tags = {"lock"},
  };

  using LockedTaskQueue::LockedTaskQueue;
};
static_assert(TaskQueue<RwlockTaskQueue>);

}  // namespace lockbench
