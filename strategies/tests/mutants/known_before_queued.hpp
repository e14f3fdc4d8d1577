#pragma once

#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/hook_point.hpp"
#include "strategies/tests/mutants/original.hpp"

namespace lockbench::mutants {

/// An add makes the task known under one lock and queues it under the next: in between, others see a
/// queued task that nobody can take. Correct: hold on to the lock until both are done.
class KnownBeforeQueued : public Original<KnownBeforeQueued> {
public:
  static constexpr auto traits = claims(
      "known_before_queued", "add lets go of the lock between making a task known and queueing it");
  static constexpr Expectation expected{.caught_by = CaughtBy::contract};
  using Original::Original;

private:
  friend Original;

  void insert(Guard& guard, TaskId id, int priority, Payload payload) {
    const auto slot = make_known(id, priority, payload);
    const auto entry = records_[slot].entry;
    guard.unlock();
    hook_point();
    guard.lock();
    const auto& now = records_[slot];
    const bool same_life = now.entry.sequence == entry.sequence;
    if (same_life && now.status == TaskStatus::queued) order_.insert(entry);
  }
};
static_assert(TaskQueue<KnownBeforeQueued>);

}  // namespace lockbench::mutants
