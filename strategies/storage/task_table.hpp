#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "strategies/storage/cache_line.hpp"
#include "strategies/storage/checked_limits.hpp"
#include "strategies/storage/id_table.hpp"
#include "strategies/storage/lazy_array.hpp"
#include "strategies/storage/payload_slab.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {

/// Every task the queue knows: its record, its payload, and its id in an index. Knows nothing of
/// the order in which tasks are handed out. Unsynchronised; allocates only when constructed.
class TaskTable {
public:
  /// The result of `add`, with what the keeper of the order needs.
  struct Added {
    AddResult result;
    Slot slot{no_slot};
    /// Tells this task from an earlier one in the same slot; grows with each task.
    std::uint64_t sequence{};
  };

  explicit TaskTable(QueueLimits limits)
      : limits_{checked(limits)},
        records_{limits.capacity},
        payloads_{limits},
        ids_{limits.capacity} {}

  Added add(TaskId id, int priority, Payload payload) noexcept {
    const auto place = locate(id);
    if (place.slot != no_slot) return {AddResult::duplicate};
    if (payload.size() > limits_.payload_bytes) return {AddResult::full};
    const auto slot = allocate();
    if (slot == no_slot) return {AddResult::full};
    ids_.occupy(place, slot);
    auto& record = records_[slot];
    record.id = id;
    record.sequence = next_sequence_++;
    record.priority = priority;
    record.payload_size = static_cast<std::uint32_t>(payload.size());
    record.status = TaskStatus::queued;
    payloads_.write(slot, payload);
    ++queued_;
    return {AddResult::added, slot, record.sequence};
  }

  /// Marks the task that was added as `sequence` in `slot` as processing, if it still is queued.
  std::optional<Task> begin(Slot slot, std::uint64_t sequence) noexcept {
    if (!still_queued(slot, sequence)) return std::nullopt;
    auto& record = records_[slot];
    record.status = TaskStatus::processing;
    --queued_;
    ++processing_;
    return Task{record.id, record.priority, payloads_.view(slot, record.payload_size)};
  }

  [[nodiscard]] bool still_queued(Slot slot, std::uint64_t sequence) const noexcept {
    const auto& record = records_[slot];
    return record.sequence == sequence && record.status == TaskStatus::queued;
  }

  [[nodiscard]] TaskStatus status(TaskId id) const noexcept {
    const auto slot = locate(id).slot;
    return slot == no_slot ? TaskStatus::unknown : records_[slot].status;
  }

  Transition complete(TaskId id) noexcept {
    return change(id, TaskStatus::processing, TaskStatus::completed, processing_);
  }

  /// Leaves the task in the order, where it no longer is `still_queued`.
  Transition cancel(TaskId id) noexcept {
    return change(id, TaskStatus::queued, TaskStatus::cancelled, queued_);
  }

  Transition forget(TaskId id) noexcept {
    const auto place = locate(id);
    if (place.slot == no_slot) return Transition::unknown;
    auto& status = records_[place.slot].status;
    if (status != TaskStatus::completed && status != TaskStatus::cancelled) {
      return Transition::wrong_state;
    }
    status = TaskStatus::unknown;
    ids_.vacate(place);
    release(place.slot);
    return Transition::ok;
  }

  /// Cancels the task that was added as `sequence` in `slot`, if it still is queued.
  void discard(Slot slot, std::uint64_t sequence) noexcept {
    if (!still_queued(slot, sequence)) return;
    records_[slot].status = TaskStatus::cancelled;
    --queued_;
  }

  [[nodiscard]] std::size_t queued() const noexcept { return queued_; }
  /// Tasks queued or processing: what `join` waits for.
  [[nodiscard]] std::size_t outstanding() const noexcept {
    return std::size_t{queued_} + processing_;
  }

private:
  struct Record {
    TaskId id;
    std::uint64_t sequence;
    int priority;
    std::uint32_t payload_size;
    Slot next_free;  ///< while the slot is free
    TaskStatus status;
  };

  [[nodiscard]] IdTable::Place locate(TaskId id) const noexcept {
    return ids_.locate(id, [this](Slot slot) { return records_[slot].id; });
  }

  Transition change(TaskId id, TaskStatus from, TaskStatus to, std::uint32_t& leaving) noexcept {
    const auto slot = locate(id).slot;
    if (slot == no_slot) return Transition::unknown;
    auto& status = records_[slot].status;
    if (status != from) return Transition::wrong_state;
    status = to;
    --leaving;
    return Transition::ok;
  }

  /// The slot freed last, which is the likeliest to be cached, or else one never used.
  Slot allocate() noexcept {
    if (free_ == no_slot) return fresh_ < limits_.capacity ? fresh_++ : no_slot;
    return std::exchange(free_, records_[free_].next_free);
  }
  void release(Slot slot) noexcept { records_[slot].next_free = std::exchange(free_, slot); }

  // Every call reads these, and none changes them.
  QueueLimits limits_;
  LazyArray<Record> records_;
  PayloadSlab payloads_;
  IdTable ids_;
  // Almost every call that changes something changes these. They have a line of their own, so that
  // threads that only read statuses keep the lines above in their caches. The members that follow a
  // table may lie on this line too, as `[[no_unique_address]]` allows.
  alignas(cache_line_distance) std::uint64_t next_sequence_ = 0;
  Slot free_ = no_slot;
  Slot fresh_ = 0;
  std::uint32_t queued_ = 0;
  std::uint32_t processing_ = 0;
};

}  // namespace lockbench
