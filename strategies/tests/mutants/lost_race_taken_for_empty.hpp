#pragma once

#include <optional>

#include "strategies/storage/lock_free_task_queue.hpp"
#include "strategies/storage/tagged_link.hpp"
#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/hook_point.hpp"
#include "strategies/tests/mutants/lock_free_original.hpp"

namespace lockbench::mutants {

/// A pop whose exchange fails because another was faster says that there is nothing. Correct: look
/// again; only an empty queue is empty.
class OneTryFifo : public NodeFifo<OneTryFifo> {
public:
  using NodeFifo::NodeFifo;

  std::optional<RecordIndex> try_pop() {
    RecordIndex value = no_record;
    return pop_once(value) == Pop::done ? std::optional{value} : std::nullopt;
  }

private:
  friend NodeFifo;

  bool take_next(TaggedLink head, NodeIndex next, RecordIndex& value) {
    hook_point();
    return NodeFifo::take_next(head, next, value);
  }
};

class LostRaceTakenForEmpty : public LockFreeTaskQueue<OneTryFifo> {
public:
  static constexpr auto traits =
      claims_lock_free("lost_race_taken_for_empty",
                       "a take that another one was faster than says that there is nothing");
  static constexpr Expectation expected{.caught_by = CaughtBy::empty};
  using LockFreeTaskQueue::LockFreeTaskQueue;
};
static_assert(TaskQueue<LostRaceTakenForEmpty>);

}  // namespace lockbench::mutants
