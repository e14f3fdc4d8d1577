#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "strategies/storage/access.hpp"
#include "strategies/storage/stale_bound.hpp"
#include "strategies/storage/task_heap.hpp"
#include "strategies/storage/task_table.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {

/// The task queue contract for one thread at a time: what every strategy of the lock family guards,
/// so that they differ by their locks alone. Unsynchronised; allocates only when constructed.
///
/// A cancelled task's heap entry stays until its turn comes or `add` finds too many of them.
template <class Access = PlainAccess>
class TaskStore {
public:
  explicit TaskStore(QueueLimits limits)
      : table_{limits}, heap_{StaleBound::room_for(limits.capacity)} {}

  /// O(log n), but for a sweep of the heap now and then, which the cancellations before it pay for.
  AddResult add(TaskId id, int priority, Payload payload) noexcept {
    if (Access::load(shut_down_)) return AddResult::shut_down;
    const auto added = table_.add(id, priority, payload);
    if (added.result != AddResult::added) return added.result;
    if (StaleBound::exceeded(heap_.size(), table_.queued())) sweep();
    // Cannot fail: see StaleBound.
    (void)heap_.push(HeapEntry{priority, added.sequence, added.slot});
    return AddResult::added;
  }

  /// The next task in order, which is processing from now on. O(log n).
  std::optional<Task> take() noexcept {
    typename Access::Fuse fuse{heap_.capacity()};
    while (const auto entry = heap_.first()) {
      const auto task = table_.begin(entry->slot(), entry->sequence());
      heap_.remove_first();
      if (task) return task;
      if (fuse.blown()) break;
    }
    return std::nullopt;
  }

  [[nodiscard]] TaskStatus status(TaskId id) const noexcept { return table_.status(id); }
  Transition complete(TaskId id) noexcept { return table_.complete(id); }
  Transition cancel(TaskId id) noexcept { return table_.cancel(id); }
  Transition forget(TaskId id) noexcept { return table_.forget(id); }

  /// Tasks queued.
  [[nodiscard]] std::size_t size() const noexcept { return table_.queued(); }
  /// Tasks queued or processing.
  [[nodiscard]] std::size_t outstanding() const noexcept { return table_.outstanding(); }

  /// Refuses tasks from now on; `discard` cancels what is queued as well. O(n).
  void shut_down(ShutdownMode mode) noexcept {
    Access::store(shut_down_, true);
    if (mode == ShutdownMode::drain) return;
    heap_.retain([this](HeapEntry entry) {
      table_.discard(entry.slot(), entry.sequence());
      return false;
    });
  }
  [[nodiscard]] bool is_shut_down() const noexcept { return Access::load(shut_down_); }

private:
  void sweep() noexcept {
    heap_.retain(
        [this](HeapEntry entry) { return table_.still_queued(entry.slot(), entry.sequence()); });
  }

  TaskTable<Access> table_;
  TaskHeap<Access> heap_;
  bool shut_down_ = false;
};

}  // namespace lockbench
