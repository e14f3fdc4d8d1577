#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "strategies/storage/task_heap.hpp"
#include "strategies/storage/task_table.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {

/// The task queue contract for one thread at a time: every strategy of the lock family guards
/// one, so that they differ by their locks alone. Unsynchronised; allocates only when constructed.
///
/// A cancelled task's heap entry stays until its turn comes or `add` finds too many of them.
class TaskStore {
public:
  explicit TaskStore(QueueLimits limits)
      : table_{limits}, heap_{StaleBound::room_for(limits.capacity)} {}

  /// O(log n), but for a sweep of the heap now and then, which the cancellations before it pay for.
  AddResult add(TaskId id, int priority, Payload payload) noexcept {
    if (shut_down_) return AddResult::shut_down;
    const auto added = table_.add(id, priority, payload);
    if (added.result != AddResult::added) return added.result;
    if (StaleBound::exceeded(heap_.size(), table_.queued())) sweep();
    // Cannot fail: see StaleBound.
    (void)heap_.push(HeapEntry{priority, added.sequence, added.slot});
    return AddResult::added;
  }

  /// The next task in order, which is processing from now on. O(log n).
  std::optional<Task> take() noexcept {
    while (const auto entry = heap_.first()) {
      // Before the entry is removed, so that the record is fetched while the heap is repaired.
      const auto task = table_.begin(entry->slot(), entry->sequence());
      heap_.remove_first();
      if (task) return task;
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
    shut_down_ = true;
    if (mode == ShutdownMode::drain) return;
    heap_.retain([this](HeapEntry entry) {
      table_.discard(entry.slot(), entry.sequence());
      return false;
    });
  }
  [[nodiscard]] bool is_shut_down() const noexcept { return shut_down_; }

private:
  void sweep() noexcept {
    heap_.retain(
        [this](HeapEntry entry) { return table_.still_queued(entry.slot(), entry.sequence()); });
  }

  // Readers need only the front of the table. The rest is for writers, and lies on the line of the
  // table's counts, so that one line of the storage's own travels from writer to writer.
  [[no_unique_address]] TaskTable table_;
  TaskHeap heap_;
  bool shut_down_ = false;
};

}  // namespace lockbench
