#pragma once

#include <condition_variable>
#include <mutex>

#include "strategies/storage/condition_signal.hpp"
#include "strategies/storage/locked_task_queue.hpp"

namespace lockbench {

/// The whole contract from the most forgiving parts: a lock that its owner may take again, and a
/// condition variable that takes any lock. Every wait sleeps, `join` as well.
class CompleteTaskQueue
    : public LockedTaskQueue<std::recursive_mutex,
                             ConditionSignal<std::recursive_mutex, std::condition_variable_any>> {
public:
  static constexpr StrategyTraits traits{
      .name = "complete",
      .summary = "one std::recursive_mutex, and std::condition_variable_any for every wait",
      .ordering = Ordering::priority_fifo,
      .progress = Progress::blocking,
      .waits = Waits::parks,
      .task_wait = TaskWait::parks,
      .source = "C++ standard library",
      .tags = {"lock", "blocking"},
  };

  using LockedTaskQueue::LockedTaskQueue;
};
static_assert(TaskQueue<CompleteTaskQueue>);

}  // namespace lockbench
