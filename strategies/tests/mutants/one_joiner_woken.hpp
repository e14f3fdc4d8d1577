#pragma once

#include <condition_variable>
#include <mutex>

#include "strategies/complete.hpp"
#include "strategies/condvar.hpp"
#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/shipped.hpp"

/// The shipped strategies whose joiners sleep, but the end of the last task wakes one joiner, and the
/// others sleep on. Correct: what is true for all joiners wakes all of them.

namespace lockbench::mutants {

template <class Lock, class Condition>
class OneJoinerSignal : public ConditionSignal<Lock, Condition> {
public:
  void became_idle(std::unique_lock<Lock>& guard) {
    const bool anyone = this->waiting_for_idle_ != 0;
    guard.unlock();
    if (anyone) this->idle_.notify_one();
  }
};

class CondvarOneJoinerWoken
    : public LockedTaskQueue<std::mutex, OneJoinerSignal<std::mutex, std::condition_variable>> {
public:
  static constexpr auto traits = claims_of<CondvarTaskQueue>(
      "condvar_one_joiner_woken", "condvar, but the last task's end wakes one joiner of several");
  static constexpr Expectation expected{.caught_by = CaughtBy::waiting};
  using LockedTaskQueue::LockedTaskQueue;
};
static_assert(TaskQueue<CondvarOneJoinerWoken>);

class CompleteOneJoinerWoken
    : public LockedTaskQueue<std::recursive_mutex,
                             OneJoinerSignal<std::recursive_mutex, std::condition_variable_any>> {
public:
  static constexpr auto traits = claims_of<CompleteTaskQueue>(
      "complete_one_joiner_woken", "complete, but the last task's end wakes one joiner of several");
  static constexpr Expectation expected{.caught_by = CaughtBy::waiting};
  using LockedTaskQueue::LockedTaskQueue;
};
static_assert(TaskQueue<CompleteOneJoinerWoken>);

}  // namespace lockbench::mutants
