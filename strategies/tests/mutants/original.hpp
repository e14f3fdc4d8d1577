#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "strategies/storage/checked_limits.hpp"
#include "strategies/storage/critical_section.hpp"
#include "strategies/storage/lazy_array.hpp"
#include "strategies/storage/payload_slab.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench::mutants {

/// What the original claims, and every mutant of it too.
constexpr StrategyTraits claims(std::string_view name, std::string_view summary) noexcept {
  return {.name = name,
          .summary = summary,
          .ordering = Ordering::priority_fifo,
          .progress = Progress::blocking,
          .waits = Waits::parks,
          .task_wait = TaskWait::parks,
          .source = "planted"};
}

/// The queue that most mutants deviate from: one mutex, two condition variables, the standard
/// containers. Correct and plain; nobody who sleeps looks again by himself, so that a lost wake-up
/// stays lost. A mutant derives from it as `Original<Mutant>` and replaces one step: those that are
/// called through `self()`, or a whole call of the contract.
template <class Mutant>
class Original {
public:
  explicit Original(QueueLimits limits = {})
      : limits_{checked(limits)}, records_{limits.capacity}, payloads_{limits} {}

  /// Not thread-safe: before other threads use the queue. Every call does the work, under the lock.
  void set_critical_section(CriticalWork work) noexcept { section_.set(work); }

  AddResult add_task(TaskId id, int priority, Payload payload) {
    auto guard = lock();
    const auto result = self().enter(guard, id, priority, payload);
    if (result == AddResult::added) self().announce_task();
    return result;
  }

  std::optional<Task> try_get_next_task() {
    auto guard = lock();
    return self().take(guard);
  }

  TakeResult get_next_task(Deadline deadline) {
    auto guard = lock();
    for (bool in_time = true;; in_time = self().sleep_until_task(guard, deadline)) {
      // Also after a time-out: a task may have come together with it.
      if (const auto task = self().take(guard)) return {TakeOutcome::task, *task};
      if (self().is_shut_down()) return {TakeOutcome::shut_down};
      if (!in_time) return {TakeOutcome::timed_out};
    }
  }

  [[nodiscard]] TaskStatus get_status(TaskId id) const {
    const auto guard = lock();
    const auto slot = find(id);
    return slot == no_slot ? TaskStatus::unknown : records_[slot].status;
  }

  Transition complete_task(TaskId id) {
    const auto guard = lock();
    const auto slot = find(id);
    if (slot == no_slot) return Transition::unknown;
    if (records_[slot].status != TaskStatus::processing) return Transition::wrong_state;
    self().set_status(slot, TaskStatus::completed);
    announce_if_idle();
    return Transition::ok;
  }

  Transition cancel_task(TaskId id) {
    const auto guard = lock();
    const auto result = cancel(id);
    if (result == Transition::ok) announce_if_idle();
    return result;
  }

  Transition forget_task(TaskId id) {
    const auto guard = lock();
    const auto slot = find(id);
    if (slot == no_slot) return Transition::unknown;
    const auto status = records_[slot].status;
    if (status != TaskStatus::completed && status != TaskStatus::cancelled) {
      return Transition::wrong_state;
    }
    self().set_status(slot, TaskStatus::unknown);
    ids_.erase(id);
    free_.push_back(slot);
    return Transition::ok;
  }

  [[nodiscard]] std::size_t size() const {
    const auto guard = lock();
    return count(TaskStatus::queued);
  }

  void join() {
    auto guard = lock();
    while (!is_idle()) self().sleep_until_idle(guard);
  }

  void shutdown(ShutdownMode mode) {
    const auto guard = lock();
    shut_down_ = true;
    if (mode == ShutdownMode::discard) discard();
    self().announce_shutdown();
  }

protected:
  using Guard = std::unique_lock<std::mutex>;
  using Slot = std::uint32_t;
  static constexpr Slot no_slot = UINT32_MAX;

  /// One life of one task, which no other is ever equal to.
  struct Entry {
    int priority;
    std::uint64_t sequence;  ///< grows with each task
    Slot slot;
  };
  struct Record {
    TaskId id;
    Entry entry;
    std::uint32_t payload_size;
    TaskStatus status;
  };
  struct InOrder {
    bool operator()(const Entry& a, const Entry& b) const { return Mutant::comes_before(a, b); }
  };

  // --- steps: the lock is held before and after each ---------------------------------------------

  static bool comes_before(const Entry& a, const Entry& b) noexcept {
    return a.priority != b.priority ? a.priority > b.priority : a.sequence < b.sequence;
  }

  AddResult enter(Guard& guard, TaskId id, int priority, Payload payload) {
    if (self().is_shut_down()) return AddResult::shut_down;
    if (const auto refusal = refuses(id, payload); refusal != AddResult::added) return refusal;
    self().insert(guard, id, priority, payload);
    return AddResult::added;
  }
  /// `added` if nothing speaks against it.
  AddResult refuses(TaskId id, Payload payload) const {
    if (find(id) != no_slot) return AddResult::duplicate;
    const bool fits = payload.size() <= limits_.payload_bytes && ids_.size() < limits_.capacity;
    return fits ? AddResult::added : AddResult::full;
  }
  void insert(Guard& /*guard*/, TaskId id, int priority, Payload payload) {
    order_.insert(records_[make_known(id, priority, payload)].entry);
  }
  /// There must be a free slot.
  Slot make_known(TaskId id, int priority, Payload payload) {
    const auto slot = free_.empty() ? fresh_++ : free_.back();
    if (!free_.empty()) free_.pop_back();
    auto& record = records_[slot];
    record.id = id;
    record.entry = {priority, next_sequence_++, slot};
    record.payload_size = static_cast<std::uint32_t>(payload.size());
    payloads_.write(slot, payload);
    ids_[id] = slot;
    self().set_status(slot, TaskStatus::queued);
    return slot;
  }

  std::optional<Task> take(Guard& /*guard*/) {
    if (order_.empty()) return std::nullopt;
    const auto slot = order_.begin()->slot;
    order_.erase(order_.begin());
    return begin(slot);
  }
  Task begin(Slot slot) {
    self().set_status(slot, TaskStatus::processing);
    const auto& record = records_[slot];
    return {record.id, record.entry.priority, payloads_.view(slot, record.payload_size)};
  }

  Transition cancel(TaskId id) {
    const auto slot = find(id);
    if (slot == no_slot) return Transition::unknown;
    if (records_[slot].status != TaskStatus::queued) return Transition::wrong_state;
    self().leave_order(records_[slot].entry);
    self().set_status(slot, TaskStatus::cancelled);
    return Transition::ok;
  }
  void leave_order(const Entry& entry) { order_.erase(entry); }
  void discard() {
    for (const auto& [id, slot] : ids_) {
      if (records_[slot].status == TaskStatus::queued) {
        self().set_status(slot, TaskStatus::cancelled);
      }
    }
    order_.clear();
  }
  /// Keeps the counts true to the records, whatever a mutant does to these.
  void set_status(Slot slot, TaskStatus status) {
    --counts_.at(static_cast<std::size_t>(records_[slot].status));
    records_[slot].status = status;
    ++counts_.at(static_cast<std::size_t>(status));
  }

  void announce_task() { task_arrived_.notify_one(); }
  void announce_if_idle() {
    if (is_idle()) self().announce_idle();
  }
  void announce_idle() { idle_.notify_all(); }
  /// Discarding may have left nothing to do.
  void announce_shutdown() {
    task_arrived_.notify_all();
    idle_.notify_all();
  }
  /// False once the deadline has passed.
  bool sleep_until_task(Guard& guard, Deadline deadline) {
    if (Deadline::clock::now() >= deadline) return false;
    return task_arrived_.wait_until(guard, deadline) == std::cv_status::no_timeout;
  }
  void sleep_until_idle(Guard& guard) { idle_.wait(guard); }

  // --- what steps are made of --------------------------------------------------------------------

  [[nodiscard]] Guard lock() const {
    Guard guard{mutex_};
    section_.run();
    return guard;
  }
  [[nodiscard]] Slot find(TaskId id) const {
    const auto found = ids_.find(id);
    return found == ids_.end() ? no_slot : found->second;
  }
  [[nodiscard]] bool is_shut_down() const noexcept { return shut_down_; }
  [[nodiscard]] std::size_t count(TaskStatus status) const {
    return counts_.at(static_cast<std::size_t>(status));
  }
  [[nodiscard]] bool is_idle() const {
    return count(TaskStatus::queued) == 0 && count(TaskStatus::processing) == 0;
  }
  [[nodiscard]] Mutant& self() noexcept { return static_cast<Mutant&>(*this); }

  QueueLimits limits_;
  CriticalSection section_;
  mutable std::mutex mutex_;
  std::condition_variable task_arrived_;
  std::condition_variable idle_;
  std::set<Entry, InOrder> order_;
  std::unordered_map<TaskId, Slot> ids_;
  LazyArray<Record> records_;
  PayloadSlab payloads_;
  std::vector<Slot> free_;
  Slot fresh_ = 0;
  std::uint64_t next_sequence_ = 0;
  std::array<std::size_t, 5> counts_{};  // by status; that of `unknown` means nothing
  bool shut_down_ = false;
};

/// The original unmutated.
class OriginalTaskQueue : public Original<OriginalTaskQueue> {
public:
  static constexpr auto traits = claims(
      "original", "one std::mutex, std::condition_variable, std::set: what mutants deviate from");
  using Original::Original;
};
static_assert(TaskQueue<OriginalTaskQueue>);

}  // namespace lockbench::mutants
