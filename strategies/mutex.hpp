#pragma once

#include <mutex>

#include "strategies/storage/locked_task_queue.hpp"

namespace lockbench {

/// The strategy that every other is compared with: one lock around everything.
class MutexTaskQueue : public LockedTaskQueue<std::mutex> {
public:
  static constexpr StrategyTraits traits{
      .name = "mutex",
      .summary = "one std::mutex around heap and id table",
      .ordering = Ordering::priority_fifo,
      .progress = Progress::blocking,
      .waits = Waits::parks,
      .task_wait = TaskWait::polls,
      .source = "C++ standard library",
      .tags = {"lock"},
  };

  using LockedTaskQueue::LockedTaskQueue;
};
static_assert(TaskQueue<MutexTaskQueue>);

}  // namespace lockbench
