#pragma once

#include "strategies/complete.hpp"
#include "strategies/condvar.hpp"
#include "strategies/moodycamel_blocking.hpp"
#include "strategies/semaphore.hpp"
#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/shipped.hpp"

/// The shipped strategies that sleep, but a shutdown wakes nobody: who waits for a task sleeps on,
/// though none will ever come. Correct: wake every waiter.

namespace lockbench::mutants {

template <class Q>
class ShutdownWakesNobody : public Q {
public:
  static constexpr Expectation expected{.caught_by = CaughtBy::waiting};
  using Q::Q;

  void shutdown(ShutdownMode mode) {
    const auto guard = this->write();
    this->store_.shut_down(mode);
  }
};

class CondvarShutdownWakesNobody : public ShutdownWakesNobody<CondvarTaskQueue> {
public:
  static constexpr auto traits = claims_of<CondvarTaskQueue>(
      "condvar_shutdown_wakes_nobody", "condvar, but shutdown notifies nobody");
  using ShutdownWakesNobody::ShutdownWakesNobody;
};
static_assert(TaskQueue<CondvarShutdownWakesNobody>);

class CompleteShutdownWakesNobody : public ShutdownWakesNobody<CompleteTaskQueue> {
public:
  static constexpr auto traits = claims_of<CompleteTaskQueue>(
      "complete_shutdown_wakes_nobody", "complete, but shutdown notifies nobody");
  using ShutdownWakesNobody::ShutdownWakesNobody;
};
static_assert(TaskQueue<CompleteShutdownWakesNobody>);

class SemaphoreShutdownWakesNobody : public ShutdownWakesNobody<SemaphoreTaskQueue> {
public:
  static constexpr auto traits = claims_of<SemaphoreTaskQueue>(
      "semaphore_shutdown_wakes_nobody", "semaphore, but shutdown posts no permit");
  using ShutdownWakesNobody::ShutdownWakesNobody;
};
static_assert(TaskQueue<SemaphoreShutdownWakesNobody>);

class UnclosedFifo : public MoodycamelBlockingFifo<> {
public:
  using MoodycamelBlockingFifo::MoodycamelBlockingFifo;
  void close() noexcept {}
};

class MoodycamelBlockingShutdownWakesNobody : public LockFreeTaskQueue<UnclosedFifo> {
public:
  static constexpr auto traits =
      claims_of<MoodycamelBlockingTaskQueue>("moodycamel_blocking_shutdown_wakes_nobody",
                                             "moodycamel_blocking, but shutdown wakes nobody");
  static constexpr Expectation expected{.caught_by = CaughtBy::waiting};
  using LockFreeTaskQueue::LockFreeTaskQueue;
};
static_assert(TaskQueue<MoodycamelBlockingShutdownWakesNobody>);

}  // namespace lockbench::mutants
