#pragma once

/// The one place that knows every strategy. The harness measures this list, and the typed
/// conformance tests walk it: a new strategy is one file, one include and one line here.

#include <cstddef>

#include "strategies/boost_lockfree.hpp"
#include "strategies/complete.hpp"
#include "strategies/condvar.hpp"
#include "strategies/moodycamel.hpp"
#include "strategies/moodycamel_blocking.hpp"
#include "strategies/mutex.hpp"
#include "strategies/null.hpp"
#include "strategies/recursive.hpp"
#include "strategies/rwlock.hpp"
#include "strategies/rwlock_writer.hpp"
#include "strategies/semaphore.hpp"
#include "strategies/task_queue.hpp"
#include "strategies/two_lock.hpp"
#include "strategies/unsafe.hpp"

namespace lockbench {

template <TaskQueue... Qs>
struct StrategyList {
  static constexpr std::size_t size = sizeof...(Qs);
};

/// In the order of `bench list` and of the charts' legends.
// clang-format off
using Strategies = StrategyList<
    MutexTaskQueue,
    RecursiveTaskQueue,
    RwlockTaskQueue,
    RwlockWriterTaskQueue,
    CondvarTaskQueue,
    SemaphoreTaskQueue,
    TwoLockTaskQueue,
    CompleteTaskQueue,
    BoostLockfreeTaskQueue,
    MoodycamelTaskQueue,
    MoodycamelBlockingTaskQueue,
    UnsafeTaskQueue,
    NullTaskQueue
>;
// clang-format on

/// Calls `visit.template operator()<Q>()` for each strategy, in order.
template <TaskQueue... Qs>
constexpr void for_each_strategy(StrategyList<Qs...> /*list*/, auto&& visit) {
  (visit.template operator()<Qs>(), ...);
}

}  // namespace lockbench
