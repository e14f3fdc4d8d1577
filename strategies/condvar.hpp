#pragma once

#include <condition_variable>
#include <mutex>

#include "strategies/storage/condition_signal.hpp"
#include "strategies/storage/locked_task_queue.hpp"

namespace lockbench {

/// As `mutex`, but a thread that waits for a task sleeps until one is added.
class CondvarTaskQueue
    : public LockedTaskQueue<std::mutex, ConditionSignal<std::mutex, std::condition_variable>> {
public:
  static constexpr StrategyTraits traits{
      .name = "condvar",
      .summary = "one std::mutex, and std::condition_variable to wait for tasks",
      .ordering = Ordering::priority_fifo,
      .progress = Progress::blocking,
      .waits = Waits::parks,
      .task_wait = TaskWait::parks,
      .source = "C++ standard library",
      .tags = {"lock", "blocking"},
  };

  using LockedTaskQueue::LockedTaskQueue;
};
static_assert(TaskQueue<CondvarTaskQueue>);

}  // namespace lockbench
