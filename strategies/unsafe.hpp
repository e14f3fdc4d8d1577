#pragma once

#include <chrono>
#include <cstddef>

#include "strategies/locks/no_lock.hpp"
#include "strategies/storage/locked_task_queue.hpp"

namespace lockbench {

/// `mutex` with the lock taken out: nothing stands between a check and the act it is made for, so
/// threads hand out tasks twice, lose tasks and miscount. Logically racy only: each word is an
/// atomic (see `RelaxedAccess`), so behaviour stays defined, and no call runs for ever.
class UnsafeTaskQueue
    : public LockedTaskQueue<NoCriticalSection, NoLock, PollingSignal<NoLock>, RelaxedAccess> {
public:
  static constexpr StrategyTraits traits{
      .name = "unsafe",
      .summary = "no lock at all: correct for one thread, shows races to several",
      .ordering = Ordering::priority_fifo,
      .progress = Progress::wait_free,
      .waits = Waits::never,
      .task_wait = TaskWait::polls,
      .source = "a demonstration",
      .tags = {"demo"},
      .conformance = Conformance::single_threaded,
  };

  using LockedTaskQueue::LockedTaskQueue;

  /// Gives up when for 100 ms nothing has moved: a lost count would keep it waiting for ever.
  void join() {
    constexpr std::chrono::milliseconds patience{100};
    PollWait wait;
    auto give_up = Deadline::clock::now() + patience;
    for (std::size_t before = 0, now = 0; (now = store_.outstanding()) != 0; before = now) {
      if (now != before) give_up = Deadline::clock::now() + patience;
      if (!wait.pause_until(give_up)) return;
    }
  }
};
static_assert(TaskQueue<UnsafeTaskQueue>);

}  // namespace lockbench
