#pragma once

#include "strategies/storage/lock_free_task_queue.hpp"
#include "strategies/storage/tagged_link.hpp"
#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/hook_point.hpp"
#include "strategies/tests/mutants/lock_free_original.hpp"

namespace lockbench::mutants {

/// A pop moves the head on first, and reads the value afterwards, when another pop may have freed the
/// node and a push may have filled it anew. Correct: the other way round, as Michael & Scott's paper
/// (1996) warns at the very line.
class ValueReadAfterSwingFifo : public NodeFifo<ValueReadAfterSwingFifo> {
public:
  using NodeFifo::NodeFifo;

private:
  friend NodeFifo;

  bool take_next(TaggedLink head, NodeIndex next, RecordIndex& value) {
    if (!move_head(head, next)) return false;
    hook_point();
    value = value_of(next);
    release(head.index());
    return true;
  }
};

class ValueReadAfterSwing : public LockFreeTaskQueue<EachOnce<ValueReadAfterSwingFifo>> {
public:
  static constexpr auto traits = claims_lock_free(
      "value_read_after_swing", "a pop reads the value after it has moved the head past it");
  static constexpr Expectation expected{.caught_by = CaughtBy::conservation};
  using LockFreeTaskQueue::LockFreeTaskQueue;
};
static_assert(TaskQueue<ValueReadAfterSwing>);

}  // namespace lockbench::mutants
