#pragma once

#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <optional>

#include "strategies/locks/poll_wait.hpp"
#include "strategies/storage/checked_limits.hpp"
#include "strategies/storage/concurrent_id_table.hpp"
#include "strategies/storage/payload_slab.hpp"
#include "strategies/storage/record_pool.hpp"
#include "strategies/storage/record_state.hpp"
#include "strategies/storage/steps.hpp"
#include "strategies/storage/task_counts.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {

/// What a lock-free package has to offer to become a task queue: a bag of record indices that keeps
/// some order and that all threads use at once. It never holds more than `capacity` indices.
///
/// `try_pop` finds an index if the `try_push` of one returned before it began, unless other pops
/// have taken, or are about to take, all indices that are there. `try_push` fails only for want of
/// memory.
template <class F>
concept RecordFifo = std::constructible_from<F, std::uint32_t> &&
    requires(F fifo, RecordIndex index) {
  { fifo.try_push(index) } -> std::same_as<bool>;
  { fifo.try_pop() } -> std::same_as<std::optional<RecordIndex>>;
};

/// A FIFO in which a pop can sleep until there is an index for it, the deadline passes, or `close` is
/// called.
template <class F>
concept ParkingFifo = RecordFifo<F> && requires(F fifo, Deadline deadline) {
  { fifo.pop_until(deadline) } -> std::same_as<std::optional<RecordIndex>>;
  fifo.close();
};

/// The whole contract over a lock-free FIFO. It keeps ids, states, counts and payloads without a
/// lock. All memory but the FIFO's own is allocated at construction.
///
/// A task is one record. The record lives in two structures, the id table and the FIFO, and is free
/// again when it has left both: `forget_task` takes it out of the table, and a pop takes it out of
/// the FIFO. So a task that is cancelled and forgotten keeps its place until its turn comes. A
/// `try_get_next_task` that returns nothing has passed and freed all such places.
///
/// While calls overlap, the contract holds in these senses:
/// - `try_get_next_task` may return nothing although `get_status` sees a queued task, if the
///   `add_task` of that task has not returned yet.
/// - `size` counts adds under way, including those that will be refused.
/// - `add_task` may return `full` because another add, which will be refused, holds the last place.
/// - `shutdown(discard)` first refuses adds, then takes, then cancels task after task.
///
/// `shutdown` and `join` wait for other calls under way. Both poll, as they are not on the measured
/// path. Everything else is lock-free, except that `get_next_task` sleeps where the FIFO parks.
///
/// `Steps` is for verification: see `NoSteps`.
template <RecordFifo Fifo, class Steps = NoSteps>
class LockFreeTaskQueue {
public:
  /// The FIFO underneath, for measuring it alone.
  using Package = Fifo;

  explicit LockFreeTaskQueue(QueueLimits limits = {})
      : limits_{checked(limits)},
        payloads_{limits_},
        records_{limits_.capacity},
        table_{records_, limits_.capacity},
        fifo_{limits_.capacity} {}

  AddResult add_task(TaskId id, int priority, Payload payload) {
    // Looks before it counts itself, or else threads that retry refused adds would look like tasks.
    if (counts_.is_closed()) return AddResult::shut_down;
    if (payload.size() > limits_.payload_bytes) return duplicate_or_full(id);
    const auto index = records_.acquire();
    if (index == no_record) return duplicate_or_full(id);
    fill(index, id, priority, payload);
    const auto result = publish(id, index);
    if (result == AddResult::duplicate || result == AddResult::shut_down) {
      records_.release(index);  // no other thread has seen it
    }
    return result;
  }

  std::optional<Task> try_get_next_task() {
    if (is_discarding()) return std::nullopt;
    while (const auto index = fifo_.try_pop()) {
      if (const auto task = take(*index)) return task;
    }
    return std::nullopt;
  }

  TakeResult get_next_task(Deadline deadline) {
    for (PollWait wait;;) {
      if (const auto task = try_get_next_task()) return {TakeOutcome::task, *task};
      if (nothing_can_come()) return {TakeOutcome::shut_down};
      if constexpr (ParkingFifo<Fifo>) {
        if (const auto index = fifo_.pop_until(deadline)) {
          if (const auto task = take(*index)) return {TakeOutcome::task, *task};
          continue;
        }
      }
      if (!wait.pause_until(deadline)) return {TakeOutcome::timed_out};
    }
  }

  [[nodiscard]] TaskStatus get_status(TaskId id) const { return table_.locate(id).state.status(); }

  Transition complete_task(TaskId id) {
    const auto result = advance(id, TaskStatus::processing, TaskStatus::completed);
    if (result == Transition::ok) counts_.completed();
    return result;
  }

  Transition cancel_task(TaskId id) {
    const auto result = advance(id, TaskStatus::queued, TaskStatus::cancelled);
    if (result == Transition::ok) counts_.removed_from_queue();
    return result;
  }

  Transition forget_task(TaskId id) {
    for (;;) {
      const auto place = table_.locate(id);
      const auto status = place.state.status();
      if (status == TaskStatus::unknown) return Transition::unknown;
      if (status != TaskStatus::completed && status != TaskStatus::cancelled) {
        return Transition::wrong_state;
      }
      if (forget(place)) return Transition::ok;
    }
  }

  [[nodiscard]] std::size_t size() const { return counts_.queued(); }

  void join() {
    for (PollWait wait; !counts_.is_idle();) wait.pause();
  }

  void shutdown(ShutdownMode mode) {
    const bool first = counts_.close();
    if (mode == ShutdownMode::discard) discarding_.store(true, std::memory_order_release);
    if constexpr (ParkingFifo<Fifo>) {
      if (first) fifo_.close();
    }
    if (mode == ShutdownMode::discard) cancel_all_queued();
  }

private:
  using IdTable = BasicConcurrentIdTable<Steps>;

  // --- the life of a record ----------------------------------------------------------------------

  /// Does the rest of an add, whose record is filled. It is counted from just before others can see it.
  AddResult publish(TaskId id, RecordIndex index) {
    if (!counts_.begin_add()) return AddResult::shut_down;
    Steps::between();
    auto result = AddResult::duplicate;
    if (table_.insert(index)) {
      Steps::between();
      result = fifo_.try_push(index) ? AddResult::added : withdraw(id, index);
    }
    if (result != AddResult::added) counts_.removed_from_queue();
    return result;
  }

  void fill(RecordIndex index, TaskId id, int priority, Payload payload) noexcept {
    auto& record = records_[index];
    record.priority = priority;
    record.payload_size = static_cast<std::uint32_t>(payload.size());
    if (payload.size() > TaskRecord::payload_room) {
      payloads_.write(index - 1, payload);
    } else if (!payload.empty()) {
      std::memcpy(record.payload.data(), payload.data(), payload.size());
    }
    record.id.store(id, std::memory_order_release);
    const RecordState last{record.state.load(std::memory_order_relaxed)};
    // (1) release: pairs with (2), so a thread that sees this life of the record sees what it holds.
    record.state.store(last.reborn().word(), std::memory_order_release);
  }

  Payload payload_of(RecordIndex index) noexcept {
    const auto& record = records_[index];
    if (record.payload_size > TaskRecord::payload_room) {
      return payloads_.view(index - 1, record.payload_size);
    }
    return {record.payload.data(), record.payload_size};
  }

  /// Undoes an add that the FIFO has no memory for.
  AddResult withdraw(TaskId id, RecordIndex index) {
    for (;;) {
      const auto place = table_.locate(id);
      if (place.index != index || place.state.status() != TaskStatus::queued) break;
      if (!forget(place)) continue;
      leave(index, RecordState::left_fifo);
      return AddResult::full;
    }
    // Another thread has cancelled the task, so it was added, and that thread has counted it out.
    leave(index, RecordState::left_fifo);
    return AddResult::added;
  }

  /// Returns the task of a record that came out of the FIFO, or nothing if it was cancelled.
  std::optional<Task> take(RecordIndex index) {
    auto& record = records_[index];
    // (2) acquire: pairs with (1).
    const RecordState state{record.state.load(std::memory_order_acquire)};
    // The task is read before the exchange: once it is processing, other threads may complete and
    // forget it.
    const Task task{record.id.load(std::memory_order_relaxed), record.priority, payload_of(index)};
    Steps::between();
    if (!leave_fifo(index, state, TaskStatus::processing)) return std::nullopt;
    Steps::between();
    counts_.taken();
    return task;
  }

  /// Moves a record that came out of the FIFO from `queued` to `to`. False if it was cancelled.
  bool leave_fifo(RecordIndex index, RecordState state, TaskStatus to) noexcept {
    while (state.status() == TaskStatus::queued) {
      auto found = state.word();
      if (records_[index].state.compare_exchange(found, state.in(to).out_of_fifo().word())) {
        return true;
      }
      state = RecordState{found};
    }
    leave(index, RecordState::left_fifo);
    return false;
  }

  /// Moves a task on from `from` to `to`.
  Transition advance(TaskId id, TaskStatus from, TaskStatus to) noexcept {
    for (;;) {
      const auto place = table_.locate(id);
      const auto status = place.state.status();
      if (status == TaskStatus::unknown) return Transition::unknown;
      if (status != from) return Transition::wrong_state;
      Steps::between();
      auto found = place.state.word();
      if (records_[place.index].state.compare_exchange(found, place.state.in(to).word())) {
        return Transition::ok;
      }
    }
  }

  /// Drops a record in the state in which it was seen. False if the state has changed since.
  bool forget(const typename IdTable::Place& place) noexcept {
    auto found = place.state.word();
    const auto forgotten = place.state.in(TaskStatus::unknown);
    if (!records_[place.index].state.compare_exchange(found, forgotten.word())) return false;
    Steps::between();
    table_.remove(place);
    Steps::between();
    if (place.state.has_left_fifo()) {
      records_.release(place.index);  // no other thread has a step to make
    } else {
      leave(place.index, RecordState::left_table);
    }
    return true;
  }

  /// Notes that the record has left the FIFO or the table, and frees it if it has left both.
  void leave(RecordIndex index, std::uint64_t what) noexcept {
    const RecordState before{records_[index].state.fetch_or(what)};
    if (before.has_left_fifo() || before.has_left_table()) records_.release(index);
  }

  // --- the rest ----------------------------------------------------------------------------------

  void cancel_all_queued() {
    for (PollWait wait; counts_.queued() != 0;) {
      if (const auto index = fifo_.try_pop()) {
        const RecordState state{records_[*index].state.load(std::memory_order_acquire)};
        if (leave_fifo(*index, state, TaskStatus::cancelled)) counts_.removed_from_queue();
      } else {
        wait.pause();  // an add is under way
      }
    }
  }

  [[nodiscard]] bool is_discarding() const noexcept {
    return discarding_.load(std::memory_order_acquire);
  }
  [[nodiscard]] bool nothing_can_come() const noexcept {
    return is_discarding() || (counts_.is_closed() && counts_.queued() == 0);
  }

  AddResult duplicate_or_full(TaskId id) const {
    return get_status(id) == TaskStatus::unknown ? AddResult::full : AddResult::duplicate;
  }

  QueueLimits limits_;
  PayloadSlab payloads_;  // a payload for which record i has no room is at i - 1
  BasicRecordPool<Steps> records_;
  IdTable table_;
  std::atomic<bool> discarding_{
      false};  // every take reads it, so it lies beside what nobody writes
  TaskCounts counts_;
  alignas(128) Fifo fifo_;
};

}  // namespace lockbench
