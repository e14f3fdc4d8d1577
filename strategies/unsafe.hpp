#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <thread>

#include "strategies/locks/poll_wait.hpp"
#include "strategies/storage/atomic_word.hpp"
#include "strategies/storage/checked_limits.hpp"
#include "strategies/storage/id_hash.hpp"
#include "strategies/storage/lazy_array.hpp"
#include "strategies/storage/task_heap.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {

/// A queue whose author forgot the lock: nothing stands between a check and the act that follows it,
/// so threads hand out tasks twice, lose tasks and miscount. Correct for one thread.
///
/// It is logically racy only. Each shared word is an atomic that is loaded and stored in two relaxed
/// steps, so behaviour stays defined; indices are within bounds whatever was stored, and every loop
/// ends, so no call runs for ever.
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
        payload_words_{(std::size_t{limits.payload_bytes} + sizeof(std::uint64_t) - 1) /
                       sizeof(std::uint64_t)},
        payloads_{records_.size() * payload_words_} {}

  AddResult add_task(TaskId id, int priority, Payload payload) noexcept {
    if (get(shut_down_) != 0) return AddResult::shut_down;
    const auto [known, vacant] = locate(id);
    if (known != none) return AddResult::duplicate;
    if (payload.size() > limits_.payload_bytes) return AddResult::full;
    if (get(known_) >= limits_.capacity || vacant == none) return AddResult::full;
    auto& record = records_[vacant];
    const auto sequence = get(next_sequence_);
    set(next_sequence_, sequence + 1);
    set(record.id, id);
    set(record.sequence, sequence);
    set(record.priority, static_cast<std::uint32_t>(priority));
    set(record.state, queued);
    store_payload(vacant, payload);
    change(known_, +1);
    change(queued_, +1);
    if (StaleBound::exceeded(heap_size(), get(queued_))) sweep();
    push(HeapEntry{priority, sequence, static_cast<std::uint32_t>(vacant)});
    return AddResult::added;
  }

  std::optional<Task> try_get_next_task() {
    for (std::size_t looks = 0; looks < heap_.size() && heap_size() != 0; ++looks) {
      const auto entry = at(0);
      if (!still_queued(entry)) {
        remove_first();
        continue;
      }
      const auto slot = slot_of(entry);
      auto& record = records_[slot];
      const Task task{get(record.id), static_cast<int>(get(record.priority)), payload_copy(slot)};
      between_check_and_act_();
      set(record.state, processing);
      change(queued_, -1);
      change(processing_, +1);
      remove_first();
      return task;
    }
    return std::nullopt;
  }

  TakeResult get_next_task(Deadline deadline) {
    for (PollWait wait;;) {
      if (const auto task = try_get_next_task()) return {TakeOutcome::task, *task};
      if (get(shut_down_) != 0) return {TakeOutcome::shut_down};
      if (!wait.pause_until(deadline)) return {TakeOutcome::timed_out};
    }
  }

  [[nodiscard]] TaskStatus get_status(TaskId id) const noexcept {
    const auto slot = locate(id).known;
    const auto state = slot == none ? unused : get(records_[slot].state);
    return state == forgotten ? TaskStatus::unknown : static_cast<TaskStatus>(state);
  }

  Transition complete_task(TaskId id) noexcept {
    return move_on(id, processing, completed, processing_);
  }
  /// Leaves the heap alone: the entry goes when its turn comes, or when `add_task` sweeps the heap.
  Transition cancel_task(TaskId id) noexcept { return move_on(id, queued, cancelled, queued_); }

  Transition forget_task(TaskId id) noexcept {
    const auto slot = locate(id).known;
    if (slot == none) return Transition::unknown;
    const auto state = get(records_[slot].state);
    if (state != completed && state != cancelled) return Transition::wrong_state;
    set(records_[slot].state, forgotten);
    change(known_, -1);
    // At the end of a run, searches need not pass forgotten records.
    if (get(records_[next(slot)].state) != unused) return Transition::ok;
    auto last = slot;
    for (auto left = records_.size(); left != 0 && get(records_[last].state) == forgotten; --left) {
      set(records_[last].state, unused);
      last = (last - 1) & (records_.size() - 1);
    }
    return Transition::ok;
  }

  [[nodiscard]] std::size_t size() const noexcept { return get(queued_); }
  /// Tasks queued or processing.
  [[nodiscard]] std::size_t outstanding() const noexcept { return get(queued_) + get(processing_); }

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
    set(shut_down_, 1);
    if (mode == ShutdownMode::drain) return;
    const auto count = heap_size();
    for (std::size_t i = 0; i < count; ++i) {
      const auto entry = at(i);
      if (!still_queued(entry)) continue;
      set(records_[slot_of(entry)].state, cancelled);
      change(queued_, -1);
    }
    set(heap_size_, 0);
  }

private:
  // --- words that race ---------------------------------------------------------------------------

  static std::uint64_t get(const AtomicWord& word) noexcept {
    return word.load(std::memory_order_relaxed);
  }
  static void set(AtomicWord& word, std::uint64_t value) noexcept {
    word.store(value, std::memory_order_relaxed);
  }
  /// Loses updates of other threads, but never goes below zero.
  static void change(AtomicWord& counter, int by) noexcept {
    const auto value = get(counter);
    if (by > 0 || value != 0) set(counter, value + static_cast<std::uint64_t>(by));
  }

  // --- records, found by id: open addressing with linear probing, at most half of it known ----------

  /// The values of `TaskStatus`, and one more.
  enum State : std::uint64_t { unused, queued, processing, completed, cancelled, forgotten };
  static_assert(cancelled == static_cast<std::uint64_t>(TaskStatus::cancelled));

  struct Record {
    AtomicWord id;
    AtomicWord sequence;  ///< tells this task from an earlier one in the same record
    AtomicWord priority;
    AtomicWord state;
    AtomicWord payload_size;
  };
  struct Found {
    std::size_t known;   ///< the record of the id, or `none`
    std::size_t vacant;  ///< otherwise, the record that it may have, or `none`
  };
  static constexpr std::size_t none = ~std::size_t{0};

  /// Expected O(1). A search ends at the first unused record, and passes those forgotten.
  [[nodiscard]] Found locate(TaskId id) const noexcept {
    Found found{none, none};
    // There are at least two records.
    auto slot = static_cast<std::size_t>(id_hash(id) >> (64 - std::countr_zero(records_.size())));
    for (auto left = records_.size(); left != 0; --left, slot = next(slot)) {
      const auto state = get(records_[slot].state);
      const bool vacant = state == unused || state == forgotten;
      if (vacant && found.vacant == none) found.vacant = slot;
      if (state == unused) break;
      if (!vacant && get(records_[slot].id) == id) return {slot, none};
    }
    return found;
  }
  [[nodiscard]] std::size_t next(std::size_t slot) const noexcept {
    return (slot + 1) & (records_.size() - 1);
  }

  Transition move_on(TaskId id, State from, State to, AtomicWord& leaving) noexcept {
    const auto slot = locate(id).known;
    if (slot == none) return Transition::unknown;
    if (get(records_[slot].state) != from) return Transition::wrong_state;
    between_check_and_act_();
    set(records_[slot].state, to);
    change(leaving, -1);
    return Transition::ok;
  }

  // --- the order: a binary heap --------------------------------------------------------------------

  /// The two halves of a `HeapEntry`. A race may pair halves of different entries.
  struct Place {
    AtomicWord high;
    AtomicWord low;
  };

  [[nodiscard]] std::size_t heap_size() const noexcept {
    return std::min<std::size_t>(get(heap_size_), heap_.size());
  }
  [[nodiscard]] HeapEntry at(std::size_t index) const noexcept {
    return HeapEntry{(Uint128{get(heap_[index].high)} << 64U) | get(heap_[index].low)};
  }
  void put(std::size_t index, HeapEntry entry) noexcept {
    set(heap_[index].high, static_cast<std::uint64_t>(entry.key() >> 64U));
    set(heap_[index].low, static_cast<std::uint64_t>(entry.key()));
  }
  [[nodiscard]] std::size_t slot_of(HeapEntry entry) const noexcept {
    return entry.slot() & (records_.size() - 1);
  }
  [[nodiscard]] bool still_queued(HeapEntry entry) const noexcept {
    const auto& record = records_[slot_of(entry)];
    return get(record.sequence) == entry.sequence() && get(record.state) == queued;
  }

  /// Drops the entry where there is no room, which happens to a heap ruined by races only.
  void push(HeapEntry entry) noexcept {
    auto hole = heap_size();
    if (hole == heap_.size()) return;
    set(heap_size_, hole + 1);
    while (hole != 0 && entry.comes_before(at((hole - 1) / 2))) {
      put(hole, at((hole - 1) / 2));
      hole = (hole - 1) / 2;
    }
    put(hole, entry);
  }
  void remove_first() noexcept {
    const auto count = heap_size();
    if (count == 0) return;
    const auto last = at(count - 1);
    set(heap_size_, count - 1);
    std::size_t hole = 0;
    for (std::size_t child = 1; child < count; child = 2 * hole + 1) {
      if (child + 1 < count && at(child + 1).comes_before(at(child))) ++child;
      if (!at(child).comes_before(last)) break;
      put(hole, at(child));
      hole = child;
    }
    put(hole, last);
  }
  /// Builds the heap anew from the entries of queued tasks, each over places already read.
  void sweep() noexcept {
    const auto count = heap_size();
    set(heap_size_, 0);
    for (std::size_t i = 0; i < count; ++i) {
      if (const auto entry = at(i); still_queued(entry)) push(entry);
    }
  }

  // --- payloads ------------------------------------------------------------------------------------

  void store_payload(std::size_t slot, Payload payload) noexcept {
    set(records_[slot].payload_size, payload.size());
    auto word = slot * payload_words_;
    for (; !payload.empty(); ++word) {
      std::uint64_t bytes = 0;
      const auto count = std::min(payload.size(), sizeof bytes);
      std::memcpy(&bytes, payload.data(), count);
      set(payloads_[word], bytes);
      payload = payload.subspan(count);
    }
  }

  /// Callers read a view plainly, so a view of shared words would be undefined behaviour. Each thread
  /// gets a view of a copy of its own, at the same slot: it may show a mixture, but it changes only
  /// when the same thread takes a task from the same slot again. Empty for a thread without copies.
  Payload payload_copy(std::size_t slot) {
    const auto size =
        std::min<std::size_t>(get(records_[slot].payload_size), limits_.payload_bytes);
    if (size == 0) return {};
    std::uint64_t* const copies = my_copies();
    if (copies == nullptr) return {};
    const auto first = slot * payload_words_;
    for (auto word = first; word < first + payload_words_; ++word) {
      copies[word] = get(payloads_[word]);
    }
    return std::as_bytes(std::span{copies + first, payload_words_}).first(size);
  }

  /// One thread's copies of all payloads.
  struct Copies {
    std::atomic<std::uint64_t> owner{0};
    std::optional<LazyArray<std::uint64_t>> words;  // only the owner touches them
  };

  /// Null where other threads have all the copies. Allocates at a thread's first call, which may throw
  /// `std::bad_alloc`.
  std::uint64_t* my_copies() {
    // No number is used again, since a view may outlive the thread that it was made for.
    static std::atomic<std::uint64_t> threads{0};
    static thread_local const std::uint64_t me = ++threads;
    for (std::size_t probe = 0; probe < copies_.size(); ++probe) {
      auto& copies = copies_[(me + probe) % copies_.size()];
      std::uint64_t owner = 0;
      // Relaxed: copies never change hands, so there is nothing to hand over.
      copies.owner.compare_exchange_strong(owner, me, std::memory_order_relaxed);
      if (owner != 0 && owner != me) continue;
      if (!copies.words) copies.words.emplace(payloads_.size());
      return copies.words->data();
    }
    return nullptr;
  }

  QueueLimits limits_;
  void (*between_check_and_act_)() noexcept;
  LazyArray<Record> records_;
  LazyArray<Place> heap_;
  std::size_t payload_words_;
  LazyArray<AtomicWord> payloads_;
  std::array<Copies, 64> copies_;
  AtomicWord shut_down_{};
  AtomicWord next_sequence_{};
  AtomicWord heap_size_{};
  AtomicWord known_{};  ///< tasks not yet forgotten
  AtomicWord queued_{};
  AtomicWord processing_{};
};
static_assert(TaskQueue<UnsafeTaskQueue>);

}  // namespace lockbench
