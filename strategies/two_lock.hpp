#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <optional>

#include "strategies/locks/poll_wait.hpp"
#include "strategies/storage/cache_line.hpp"
#include "strategies/storage/critical_section.hpp"
#include "strategies/storage/task_heap.hpp"
#include "strategies/storage/task_table.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {

/// One lock for the order of tasks and one for what is known of them, so that statuses are read and
/// changed while another thread is busy with the heap.
///
/// A call that needs both locks the heap first. Adding holds the heap's lock from before the task is
/// known until it is in the heap, or else a task could be seen as queued and yet not be found by the
/// next take.
class TwoLockTaskQueue {
public:
  static constexpr StrategyTraits traits{
      .name = "two_lock",
      .summary = "a std::mutex around the heap and another around the id table",
      .ordering = Ordering::priority_fifo,
      .progress = Progress::blocking,
      .waits = Waits::parks,
      .task_wait = TaskWait::polls,
      .source = "C++ standard library",
      .tags = {"lock"},
  };

  explicit TwoLockTaskQueue(QueueLimits limits = {})
      : table_{limits}, heap_{StaleBound::room_for(limits.capacity)} {}

  /// Adding and taking do the work under the heap's lock, all other operations under the table's: two
  /// threads may do it at a time. Not thread-safe: call it before other threads use the queue.
  void set_critical_section(CriticalWork work) noexcept {
    heap_section_.set(work);
    table_section_.set(work);
  }

  AddResult add_task(TaskId id, int priority, Payload payload) {
    const std::lock_guard heap_guard{heap_lock_};
    heap_section_.run();
    if (shut_down_) return AddResult::shut_down;
    const auto added = enter(id, priority, payload);
    if (added.result != AddResult::added) return added.result;
    // Cannot fail: see StaleBound.
    (void)heap_.push(HeapEntry{priority, added.sequence, added.slot});
    return AddResult::added;
  }

  std::optional<Task> try_get_next_task() {
    const std::lock_guard heap_guard{heap_lock_};
    heap_section_.run();
    return take();
  }

  TakeResult get_next_task(Deadline deadline) {
    PollWait wait;
    for (bool in_time = true;; in_time = wait.pause_until(deadline)) {
      const std::lock_guard heap_guard{heap_lock_};
      const auto task = take();
      if (!task && in_time && !shut_down_) continue;
      heap_section_.run();
      if (task) return {TakeOutcome::task, *task};
      return {shut_down_ ? TakeOutcome::shut_down : TakeOutcome::timed_out};
    }
  }

  [[nodiscard]] TaskStatus get_status(TaskId id) const {
    const std::lock_guard table_guard{table_lock_};
    table_section_.run();
    return table_.status(id);
  }

  Transition complete_task(TaskId id) {
    const std::lock_guard table_guard{table_lock_};
    table_section_.run();
    return table_.complete(id);
  }

  /// Leaves the heap alone: the entry goes when its turn comes, or when `add_task` sweeps the heap.
  Transition cancel_task(TaskId id) {
    const std::lock_guard table_guard{table_lock_};
    table_section_.run();
    const auto result = table_.cancel(id);
    publish_size();
    return result;
  }

  Transition forget_task(TaskId id) {
    const std::lock_guard table_guard{table_lock_};
    table_section_.run();
    return table_.forget(id);
  }

  /// Takes no lock. (1) acquire: pairs with the release (2), so a caller that sees a size sees the
  /// changes that led to it.
  [[nodiscard]] std::size_t size() const noexcept { return size_.load(std::memory_order_acquire); }

  void join() {
    for (PollWait wait; outstanding() != 0;) wait.pause();
  }

  void shutdown(ShutdownMode mode) {
    const std::scoped_lock both{heap_lock_, table_lock_};
    shut_down_ = true;
    if (mode == ShutdownMode::drain) return;
    heap_.retain([this](HeapEntry entry) {
      table_.discard(entry.slot(), entry.sequence());
      return false;
    });
    publish_size();
  }

private:
  /// Makes a task known, and sweeps the heap if too many of its tasks have been cancelled. The heap's
  /// lock must be held.
  TaskTable::Added enter(TaskId id, int priority, Payload payload) {
    const std::lock_guard table_guard{table_lock_};
    const auto added = table_.add(id, priority, payload);
    if (added.result == AddResult::added && StaleBound::exceeded(heap_.size(), table_.queued())) {
      heap_.retain(
          [this](HeapEntry entry) { return table_.still_queued(entry.slot(), entry.sequence()); });
    }
    publish_size();
    return added;
  }

  /// The heap's lock must be held.
  std::optional<Task> take() {
    while (const auto entry = heap_.pop()) {
      const std::lock_guard table_guard{table_lock_};
      if (auto task = table_.begin(entry->slot(), entry->sequence())) {
        publish_size();
        return task;
      }
    }
    return std::nullopt;
  }

  [[nodiscard]] std::size_t outstanding() const {
    const std::lock_guard table_guard{table_lock_};
    return table_.outstanding();
  }

  /// The table's lock must be held, so that no other thread learns of the change earlier.
  void publish_size() noexcept {
    size_.store(table_.queued(), std::memory_order_release);  // (2) pairs with (1)
  }

  // The locks have lines of their own, or else threads that wait for one would slow down its owner.
  // `size_` lies with the table's counts, which change with it.
  alignas(cache_line_distance) mutable std::mutex table_lock_;
  alignas(cache_line_distance) CriticalSection table_section_;
  [[no_unique_address]] TaskTable table_;
  std::atomic<std::size_t> size_{0};
  alignas(cache_line_distance) std::mutex heap_lock_;
  alignas(cache_line_distance) CriticalSection heap_section_;
  TaskHeap heap_;
  bool shut_down_ = false;  // written under both locks, so either is enough to read it
};
static_assert(TaskQueue<TwoLockTaskQueue>);

}  // namespace lockbench
