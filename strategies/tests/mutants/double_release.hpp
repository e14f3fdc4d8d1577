#pragma once

#include "strategies/storage/lock_free_task_queue.hpp"
#include "strategies/storage/tagged_link.hpp"
#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/hook_point.hpp"
#include "strategies/tests/mutants/lock_free_original.hpp"

namespace lockbench::mutants {

/// A pop frees the old dummy whether or not its exchange succeeded, so where two pops meet, both free
/// it (CWE-415): two pushes then get the same node. Correct: only who moved the head on frees.
class DoubleReleaseFifo : public NodeFifo<DoubleReleaseFifo> {
public:
  using NodeFifo::NodeFifo;

private:
  friend NodeFifo;

  bool take_next(TaggedLink head, NodeIndex next, RecordIndex& value) {
    value = value_of(next);
    hook_point();
    const bool moved = move_head(head, next);
    release(head.index());
    return moved;
  }
};

class DoubleRelease : public LockFreeTaskQueue<EachOnce<DoubleReleaseFifo>> {
public:
  static constexpr auto traits =
      claims_lock_free("double_release", "a pop frees the node also when another pop was faster");
  static constexpr Expectation expected{.caught_by = CaughtBy::conservation};
  using LockFreeTaskQueue::LockFreeTaskQueue;
};
static_assert(TaskQueue<DoubleRelease>);

}  // namespace lockbench::mutants
