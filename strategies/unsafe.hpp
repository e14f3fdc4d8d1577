#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <thread>

#include "strategies/locks/poll_wait.hpp"
#include "strategies/storage/checked_limits.hpp"
#include "strategies/storage/lazy_array.hpp"
#include "strategies/storage/task_heap.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {

/// A value that threads share as if it were a plain one: it is loaded and stored in two relaxed
/// steps. So it races as a plain value does, but without the undefined behaviour. Like the elements
/// of a `LazyArray`, it begins as zero bytes.
template <class T>
class Racy {
public:
  Racy() = default;
  Racy(const Racy&) = delete;
  Racy& operator=(const Racy&) = delete;

  operator T() const noexcept { return Ref{value_}.load(std::memory_order_relaxed); }
  Racy& operator=(T value) noexcept {
    Ref{value_}.store(value, std::memory_order_relaxed);
    return *this;
  }

private:
  using Ref = std::atomic_ref<T>;
  static_assert(Ref::is_always_lock_free);

  alignas(Ref::required_alignment) mutable T value_;  // mutable: atomic_ref wants it so
};

/// The two halves of a `HeapEntry`. A race may pair halves of different entries.
class RacyEntry {
public:
  operator HeapEntry() const noexcept {
    const std::uint64_t high = high_;
    const std::uint64_t low = low_;
    return HeapEntry{(Uint128{high} << 64U) | low};
  }
  RacyEntry& operator=(HeapEntry entry) noexcept {
    high_ = static_cast<std::uint64_t>(entry.key() >> 64U);
    low_ = static_cast<std::uint64_t>(entry.key());
    return *this;
  }

private:
  Racy<std::uint64_t> high_;
  Racy<std::uint64_t> low_;
};

/// A queue whose author forgot the lock: nothing stands between a check and the act that follows it,
/// so threads hand out tasks twice, lose tasks and miscount. Correct for one thread.
///
/// It is logically racy only: all that threads share is `Racy`, indices are within bounds whatever
/// was stored, and every loop ends, so no call crashes or runs for ever.
class UnsafeTaskQueue {
public:
  static constexpr StrategyTraits traits{
      .name = "unsafe",
      .summary = "no lock at all: correct for one thread, shows races to several",
      .ordering = Ordering::priority_fifo,
      .progress = Progress::wait_free,
      .waits = Waits::never,
      .task_wait = TaskWait::polls,
      .source = "a demonstration",
      .tags = {"demo"},
      .conformance = Conformance::single_threaded,
  };

  /// A thread may lose its CPU anywhere. Between a check and its act this queue gives it up now and
  /// then, so that the race shows within milliseconds even on a single CPU. That is seldom enough to
  /// cost nothing; the period is prime, so that it meets another call of a caller's loop each time.
  static void yield_now_and_then() noexcept {
    constexpr unsigned period = 499;
    static thread_local unsigned passes = 0;
    if (++passes % period == 0) std::this_thread::yield();
  }

  /// `between_check_and_act` is called after a task's status has been looked at and before it is
  /// changed; tests put other threads' calls there.
  explicit UnsafeTaskQueue(QueueLimits limits = {},
                           void (*between_check_and_act)() noexcept = yield_now_and_then)
      : limits_{checked(limits)},
        between_check_and_act_{between_check_and_act},
        records_{std::bit_ceil(std::size_t{2} * limits.capacity)},
        heap_{StaleBound::room_for(limits.capacity)},
        payloads_{records_.size() * limits.payload_bytes} {}

  AddResult add_task(TaskId id, int priority, Payload payload) noexcept {
    if (shut_down_) return AddResult::shut_down;
    const auto slot = locate(id);
    auto& record = records_[slot];
    if (record.status != TaskStatus::unknown) return AddResult::duplicate;
    if (payload.size() > limits_.payload_bytes) return AddResult::full;
    if (known_ >= limits_.capacity) return AddResult::full;
    const std::uint64_t sequence = last_sequence_ + 1;
    last_sequence_ = sequence;
    record.id = id;
    record.sequence = sequence;
    record.priority = priority;
    record.payload_size = payload.size();
    std::copy(payload.begin(), payload.end(), payloads_.data() + slot * limits_.payload_bytes);
    record.status = TaskStatus::queued;
    change(known_, +1);
    change(queued_, +1);
    if (StaleBound::exceeded(heap_.size(), queued_)) {
      heap_.retain([this](HeapEntry entry) { return still_queued(entry); });
    }
    // Fails only where races have ruined the heap, and then the task is lost.
    (void)heap_.push(HeapEntry{priority, sequence, static_cast<std::uint32_t>(slot)});
    return AddResult::added;
  }

  std::optional<Task> try_get_next_task() {
    while (const auto entry = heap_.first()) {
      if (!still_queued(*entry)) {
        heap_.remove_first();
        continue;
      }
      auto& record = records_[entry->slot()];
      const Task task{record.id, record.priority, payload_copy(entry->slot())};
      between_check_and_act_();
      record.status = TaskStatus::processing;
      change(queued_, -1);
      change(processing_, +1);
      heap_.remove_first();
      return task;
    }
    return std::nullopt;
  }

  TakeResult get_next_task(Deadline deadline) {
    for (PollWait wait;;) {
      if (const auto task = try_get_next_task()) return {TakeOutcome::task, *task};
      if (shut_down_) return {TakeOutcome::shut_down};
      if (!wait.pause_until(deadline)) return {TakeOutcome::timed_out};
    }
  }

  [[nodiscard]] TaskStatus get_status(TaskId id) const noexcept {
    return records_[locate(id)].status;
  }

  Transition complete_task(TaskId id) noexcept {
    return move_on(id, TaskStatus::processing, TaskStatus::completed, processing_);
  }
  /// Leaves the heap alone: the entry goes when its turn comes, or when `add_task` sweeps the heap.
  Transition cancel_task(TaskId id) noexcept {
    return move_on(id, TaskStatus::queued, TaskStatus::cancelled, queued_);
  }

  Transition forget_task(TaskId id) noexcept {
    auto slot = locate(id);
    const TaskStatus status = records_[slot].status;
    if (status == TaskStatus::unknown) return Transition::unknown;
    if (status != TaskStatus::completed && status != TaskStatus::cancelled) {
      return Transition::wrong_state;
    }
    records_[slot].status = TaskStatus::unknown;
    change(known_, -1);
    // Before a record without a sequence number no search needs to pass forgotten ones.
    if (records_[after(slot)].sequence != 0) return Transition::ok;
    for (; records_[slot].status == TaskStatus::unknown && records_[slot].sequence != 0;
         slot = (slot - 1) & (records_.size() - 1)) {
      records_[slot].sequence = 0;
    }
    return Transition::ok;
  }

  [[nodiscard]] std::size_t size() const noexcept { return queued_; }
  /// Tasks queued or processing.
  [[nodiscard]] std::size_t outstanding() const noexcept { return queued_ + processing_; }

  /// Gives up when for 100 ms nothing has moved: a lost count would keep it waiting for ever.
  void join() {
    constexpr std::chrono::milliseconds patience{100};
    PollWait wait;
    auto give_up = Deadline::clock::now() + patience;
    for (std::size_t before = 0, now = 0; (now = outstanding()) != 0; before = now) {
      if (now != before) give_up = Deadline::clock::now() + patience;
      if (!wait.pause_until(give_up)) return;
    }
  }

  void shutdown(ShutdownMode mode) noexcept {
    shut_down_ = true;
    if (mode == ShutdownMode::drain) return;
    heap_.retain([this](HeapEntry entry) {
      if (still_queued(entry)) {
        records_[entry.slot()].status = TaskStatus::cancelled;
        change(queued_, -1);
      }
      return false;
    });
  }

private:
  using Count = Racy<std::size_t>;

  /// Open addressing with linear probing; at most half of the records are of known tasks.
  struct Record {
    Racy<TaskId> id;
    /// Tells this task from an earlier one in the same record; 0: a search ends here.
    Racy<std::uint64_t> sequence;
    Racy<int> priority;
    Racy<TaskStatus> status;  ///< `unknown` where the record is vacant
    Racy<std::size_t> payload_size;
  };

  /// Loses updates of other threads, but never goes below zero.
  static void change(Count& count, int by) noexcept {
    const std::size_t value = count;
    if (by > 0 || value != 0) count = value + static_cast<std::size_t>(by);
  }

  /// The record of `id`, or else a vacant one that it may have. Where races have left neither, it is
  /// that of another task. Expected O(1).
  [[nodiscard]] std::size_t locate(TaskId id) const noexcept {
    // Multiplicative hashing, as in `IdTable`. There are at least two records.
    const auto hash = (id ^ (id >> 32U)) * 0x9e37'79b9'7f4a'7c15U;
    auto slot = static_cast<std::size_t>(hash >> (64 - std::countr_zero(records_.size())));
    std::optional<std::size_t> vacant;
    for (auto left = records_.size(); left != 0; --left, slot = after(slot)) {
      const auto& record = records_[slot];
      if (record.status == TaskStatus::unknown) {
        if (!vacant) vacant = slot;
        if (record.sequence == 0) break;
      } else if (record.id == id) {
        return slot;
      }
    }
    return vacant.value_or(slot);
  }
  [[nodiscard]] std::size_t after(std::size_t slot) const noexcept {
    return (slot + 1) & (records_.size() - 1);
  }

  Transition move_on(TaskId id, TaskStatus from, TaskStatus to, Count& leaving) noexcept {
    auto& record = records_[locate(id)];
    const TaskStatus status = record.status;
    if (status == TaskStatus::unknown) return Transition::unknown;
    if (status != from) return Transition::wrong_state;
    between_check_and_act_();
    record.status = to;
    change(leaving, -1);
    return Transition::ok;
  }

  [[nodiscard]] bool still_queued(HeapEntry entry) const noexcept {
    const auto& record = records_[entry.slot()];
    return record.sequence == entry.sequence() && record.status == TaskStatus::queued;
  }

  /// Callers read a view plainly, so a view of racy bytes would be undefined behaviour. Each thread
  /// gets a view of a copy of its own, at the same slot: it may show a mixture, but it changes only
  /// when the same thread takes a task from the same slot again. Empty for a thread without copies.
  Payload payload_copy(std::size_t slot) {
    const auto size = std::min<std::size_t>(records_[slot].payload_size, limits_.payload_bytes);
    std::byte* const copies = size == 0 ? nullptr : my_copies();
    if (copies == nullptr) return {};
    const auto first = slot * limits_.payload_bytes;
    std::copy_n(payloads_.data() + first, size, copies + first);
    return {copies + first, size};
  }

  /// Null where other threads have all the copies. Allocates at a thread's first call, which may throw
  /// `std::bad_alloc`.
  std::byte* my_copies() {
    // No number is used again, since a view may outlive the thread that it was made for.
    static std::atomic<std::uint64_t> threads{0};
    static thread_local const std::uint64_t me = ++threads;
    for (auto& copies : copies_) {
      // Relaxed: copies never change hands, so there is nothing to hand over.
      auto owner = copies.owner.load(std::memory_order_relaxed);
      if (owner == 0 &&
          copies.owner.compare_exchange_strong(owner, me, std::memory_order_relaxed)) {
        owner = me;
      }
      if (owner != me) continue;
      if (!copies.bytes) copies.bytes.emplace(payloads_.size());
      return copies.bytes->data();
    }
    return nullptr;
  }

  /// One thread's copies of all payloads.
  struct Copies {
    std::atomic<std::uint64_t> owner{0};
    std::optional<LazyArray<std::byte>> bytes;  // only the owner touches them
  };

  QueueLimits limits_;
  void (*between_check_and_act_)() noexcept;
  LazyArray<Record> records_;
  BasicTaskHeap<RacyEntry, Count> heap_;
  LazyArray<Racy<std::byte>> payloads_;
  std::array<Copies, 64> copies_;
  Racy<bool> shut_down_{};
  Racy<std::uint64_t> last_sequence_{};
  Count known_{};  ///< tasks not yet forgotten
  Count queued_{};
  Count processing_{};
};
static_assert(TaskQueue<UnsafeTaskQueue>);

}  // namespace lockbench
