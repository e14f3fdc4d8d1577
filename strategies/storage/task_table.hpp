#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>

#include "strategies/storage/access.hpp"
#include "strategies/storage/checked_limits.hpp"
#include "strategies/storage/id_table.hpp"
#include "strategies/storage/lazy_array.hpp"
#include "strategies/storage/payload_slab.hpp"
#include "strategies/storage/racing_payload_slab.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {

/// Every task the queue knows: its record, its payload, and its id in an index. Knows nothing of
/// the order in which tasks are handed out. Unsynchronised; allocates only when constructed.
template <class Access = PlainAccess>
class TaskTable {
public:
  /// What `add` gives to whoever keeps the order.
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
    if (slot == no_slot || !ids_.occupy(place, slot)) return {AddResult::full};

    const auto sequence = Access::load(next_sequence_);
    Access::store(next_sequence_, sequence + 1);
    auto& record = records_[slot];
    Access::store(record.id, id);
    Access::store(record.sequence, sequence);
    Access::store(record.priority, priority);
    Access::store(record.payload_size, static_cast<std::uint32_t>(payload.size()));
    Access::store(record.status, TaskStatus::queued);
    payloads_.write(slot, payload);
    count(queued_, +1);
    return {AddResult::added, slot, sequence};
  }

  /// Marks the task that was added as `sequence` in `slot` as processing, if it still is queued.
  std::optional<Task> begin(Slot slot, std::uint64_t sequence) noexcept {
    if (!still_queued(slot, sequence)) return std::nullopt;
    auto& record = records_[slot];
    const Task task{Access::load(record.id), Access::load(record.priority),
                    payloads_.view(slot, Access::load(record.payload_size))};
    Access::between_check_and_act();
    Access::store(record.status, TaskStatus::processing);
    count(queued_, -1);
    count(processing_, +1);
    return task;
  }

  [[nodiscard]] bool still_queued(Slot slot, std::uint64_t sequence) const noexcept {
    if (Access::racing && slot >= limits_.capacity) return false;
    const auto& record = records_[slot];
    return Access::load(record.sequence) == sequence &&
           Access::load(record.status) == TaskStatus::queued;
  }

  [[nodiscard]] TaskStatus status(TaskId id) const noexcept {
    const auto slot = locate(id).slot;
    return slot == no_slot ? TaskStatus::unknown : Access::load(records_[slot].status);
  }

  Transition complete(TaskId id) noexcept {
    return change(id, TaskStatus::processing, TaskStatus::completed, processing_);
  }

  /// Leaves the task to whoever keeps the order, where it no longer is `still_queued`.
  Transition cancel(TaskId id) noexcept {
    return change(id, TaskStatus::queued, TaskStatus::cancelled, queued_);
  }

  Transition forget(TaskId id) noexcept {
    const auto place = locate(id);
    if (place.slot == no_slot) return Transition::unknown;
    auto& status = records_[place.slot].status;
    const auto now = Access::load(status);
    if (now != TaskStatus::completed && now != TaskStatus::cancelled) {
      return Transition::wrong_state;
    }
    Access::store(status, TaskStatus::unknown);
    ids_.vacate(place);
    release(place.slot);
    return Transition::ok;
  }

  /// Cancels the task that was added as `sequence` in `slot`, if it still is queued.
  void discard(Slot slot, std::uint64_t sequence) noexcept {
    if (!still_queued(slot, sequence)) return;
    Access::store(records_[slot].status, TaskStatus::cancelled);
    count(queued_, -1);
  }

  [[nodiscard]] std::size_t queued() const noexcept { return Access::load(queued_); }
  /// Tasks queued or processing: what `join` waits for.
  [[nodiscard]] std::size_t outstanding() const noexcept {
    return std::size_t{Access::load(queued_)} + Access::load(processing_);
  }

private:
  using Payloads = std::conditional_t<Access::racing, RacingPayloadSlab, PayloadSlab>;

  struct Record {
    TaskId id;
    std::uint64_t sequence;
    int priority;
    std::uint32_t payload_size;
    Slot next_free;  ///< while the slot is free
    TaskStatus status;
  };

  [[nodiscard]] auto locate(TaskId id) const noexcept {
    return ids_.locate(id, [this](Slot slot) { return Access::load(records_[slot].id); });
  }

  Transition change(TaskId id, TaskStatus from, TaskStatus to, std::uint32_t& leaving) noexcept {
    const auto slot = locate(id).slot;
    if (slot == no_slot) return Transition::unknown;
    auto& status = records_[slot].status;
    if (Access::load(status) != from) return Transition::wrong_state;
    Access::between_check_and_act();
    Access::store(status, to);
    count(leaving, -1);
    return Transition::ok;
  }

  /// The slot freed last, being the likeliest in a cache, or else one never used.
  Slot allocate() noexcept {
    const auto slot = Access::load(free_);
    if (slot != no_slot) {
      Access::store(free_, Access::load(records_[slot].next_free));
      return slot;
    }
    const auto fresh = Access::load(fresh_);
    if (fresh >= limits_.capacity) return no_slot;
    Access::store(fresh_, fresh + 1);
    return fresh;
  }
  void release(Slot slot) noexcept {
    Access::store(records_[slot].next_free, Access::load(free_));
    Access::store(free_, slot);
  }

  /// Races lose counts; below zero a lost count would turn into an absurd one.
  static void count(std::uint32_t& counter, int change) noexcept {
    const auto value = Access::load(counter);
    if (Access::racing && change < 0 && value == 0) return;
    Access::store(counter, value + static_cast<std::uint32_t>(change));
  }

  QueueLimits limits_;
  LazyArray<Record> records_;
  Payloads payloads_;
  IdTable<Access> ids_;
  std::uint64_t next_sequence_ = 0;
  Slot free_ = no_slot;
  Slot fresh_ = 0;
  std::uint32_t queued_ = 0;
  std::uint32_t processing_ = 0;
};

}  // namespace lockbench
