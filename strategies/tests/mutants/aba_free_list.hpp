#pragma once

#include "strategies/storage/lock_free_task_queue.hpp"
#include "strategies/storage/tagged_link.hpp"
#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/hook_point.hpp"
#include "strategies/tests/mutants/lock_free_original.hpp"

namespace lockbench::mutants {

/// The head of the free list has no tag: a thread that has read the head and the node behind it, and
/// then sleeps through the removal of both and the return of the first, takes the head for unchanged
/// and makes a node the next free one that is in use (ABA). Correct: a tag that grows with each change.
class UntaggedFreeListFifo : public NodeFifo<UntaggedFreeListFifo> {
public:
  using NodeFifo::NodeFifo;

private:
  friend NodeFifo;

  static TaggedLink free_link(TaggedLink /*old*/, NodeIndex to) noexcept { return TaggedLink{to}; }
  static void between_look_and_exchange() noexcept { hook_point(); }
};

class AbaFreeList : public LockFreeTaskQueue<EachOnce<UntaggedFreeListFifo>> {
public:
  static constexpr auto traits =
      claims_lock_free("aba_free_list", "the head of the lock-free free list has no tag");
  static constexpr Expectation expected{.caught_by = CaughtBy::conservation};
  using LockFreeTaskQueue::LockFreeTaskQueue;
};
static_assert(TaskQueue<AbaFreeList>);

}  // namespace lockbench::mutants
