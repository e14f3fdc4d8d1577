/// Does the shared storage cost a strategy more than what a user would write in an afternoon?
///
/// Measures a full turn of a task (add, take, complete, forget: four locked calls) on `mutex` and
/// on a `std::priority_queue` with an `absl::flat_hash_map` under one `std::mutex`, both with
/// 1,024 tasks queued. Batches of the two alternate in random order and are compared in pairs, so
/// that whatever the machine does meets both alike; the median of their ratios is the result.

#include <absl/container/flat_hash_map.h>
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <mutex>
#include <optional>
#include <queue>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "strategies/mutex.hpp"

namespace {

using namespace lockbench;

constexpr std::size_t prefill = 1024;
constexpr QueueLimits limits{.capacity = 4096, .payload_bytes = 64};

/// The contract's core on general-purpose containers, at their best: memory reserved, one look-up a
/// call where one will do, payloads in a slab as large as ours.
class ReferenceTaskQueue {
public:
  explicit ReferenceTaskQueue(QueueLimits bounds)
      : limits_{bounds}, payloads_(std::size_t{bounds.capacity} * bounds.payload_bytes) {
    known_.reserve(bounds.capacity);
    free_.reserve(bounds.capacity);
    for (std::uint32_t slot = bounds.capacity; slot-- != 0;) free_.push_back(slot);
    std::vector<Queued> room;
    room.reserve(bounds.capacity);
    queued_ = Order{{}, std::move(room)};
  }

  AddResult add_task(TaskId id, int priority, Payload payload) {
    const std::lock_guard guard{lock_};
    if (known_.size() == limits_.capacity || payload.size() > limits_.payload_bytes) {
      return AddResult::full;
    }
    const auto slot = free_.back();
    const auto [known, is_new] = known_.try_emplace(
        id, Known{TaskStatus::queued, slot, priority, static_cast<std::uint32_t>(payload.size())});
    if (!is_new) return AddResult::duplicate;
    free_.pop_back();
    std::copy(payload.begin(), payload.end(), payload_of(slot));
    queued_.push({priority, next_sequence_++, id});
    ++queued_count_;
    return AddResult::added;
  }

  std::optional<Task> try_get_next_task() {
    const std::lock_guard guard{lock_};
    while (!queued_.empty()) {
      const auto next = queued_.top();
      queued_.pop();
      const auto found = known_.find(next.id);
      if (found == known_.end() || found->second.status != TaskStatus::queued) continue;
      found->second.status = TaskStatus::processing;
      --queued_count_;
      return Task{next.id, next.priority, {payload_of(found->second.slot), found->second.size}};
    }
    return std::nullopt;
  }

  Transition complete_task(TaskId id) {
    const std::lock_guard guard{lock_};
    const auto found = known_.find(id);
    if (found == known_.end()) return Transition::unknown;
    if (found->second.status != TaskStatus::processing) return Transition::wrong_state;
    found->second.status = TaskStatus::completed;
    return Transition::ok;
  }

  Transition forget_task(TaskId id) {
    const std::lock_guard guard{lock_};
    const auto found = known_.find(id);
    if (found == known_.end()) return Transition::unknown;
    if (found->second.status != TaskStatus::completed) return Transition::wrong_state;
    free_.push_back(found->second.slot);
    known_.erase(found);
    return Transition::ok;
  }

  std::size_t size() const {
    const std::lock_guard guard{lock_};
    return queued_count_;
  }

private:
  struct Queued {
    int priority;
    std::uint64_t sequence;
    TaskId id;
    bool operator<(const Queued& other) const {
      if (priority != other.priority) return priority < other.priority;
      return sequence > other.sequence;
    }
  };
  struct Known {
    TaskStatus status;
    std::uint32_t slot;
    int priority;
    std::uint32_t size;
  };
  using Order = std::priority_queue<Queued>;

  std::byte* payload_of(std::uint32_t slot) {
    return payloads_.data() + std::size_t{slot} * limits_.payload_bytes;
  }

  alignas(64) mutable std::mutex lock_;
  alignas(64) QueueLimits limits_;
  absl::flat_hash_map<TaskId, Known> known_;
  Order queued_;
  std::vector<std::byte> payloads_;
  std::vector<std::uint32_t> free_;
  std::uint64_t next_sequence_ = 0;
  std::size_t queued_count_ = 0;
};

/// With drawn priorities, most tasks overtake all that are queued; with `ageing` ones, as in an
/// event simulation, a task may enter anywhere (Jones, CACM 29(4), 1986: the hold model).
enum class Priorities { levels_16, all_equal, any_int, ageing };

/// Priorities of one task after the other.
class Stream {
public:
  explicit Stream(Priorities kind) : kind_{kind}, drawn_(1U << 14U) {
    std::mt19937_64 random{20240501};
    std::uniform_int_distribution<int> level{0, 15};
    std::uniform_int_distribution<int> any{std::numeric_limits<int>::min()};
    std::uniform_int_distribution<int> step{0, 4095};
    for (auto& priority : drawn_) {
      switch (kind) {
        case Priorities::levels_16: priority = level(random); break;
        case Priorities::all_equal: priority = 0; break;
        case Priorities::any_int: priority = any(random); break;
        case Priorities::ageing: priority = step(random); break;
      }
    }
  }

  [[nodiscard]] int of(TaskId id) const {
    const int drawn = drawn_[id % drawn_.size()];
    return kind_ == Priorities::ageing ? drawn - static_cast<int>(id) : drawn;
  }

private:
  Priorities kind_;
  std::vector<int> drawn_;
};

/// Exists only to wait: glibc spares a program of one thread the atomic part of its locks, which no
/// program that needs a task queue would see.
class SecondThread {
public:
  SecondThread() : thread_{[this] { stopped_.wait(false); }} {}
  ~SecondThread() {
    stopped_ = true;
    stopped_.notify_one();
    thread_.join();
  }
  SecondThread(const SecondThread&) = delete;
  SecondThread& operator=(const SecondThread&) = delete;

private:
  std::atomic<bool> stopped_{false};
  std::thread thread_;
};

/// One queue and the tasks that go through it; two of them see the same ids and priorities.
template <class Queue>
class Subject {
public:
  explicit Subject(const Stream& priorities) : priorities_{priorities} {
    for (std::size_t i = 0; i < prefill; ++i) add();
  }

  /// Nanoseconds for one turn of a task, over `turns` of them.
  double time(std::size_t turns) {
    const auto begin = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < turns; ++i) turn();
    const std::chrono::duration<double, std::nano> spent = std::chrono::steady_clock::now() - begin;
    return spent.count() / static_cast<double>(turns);
  }

  /// Whether it did all it was asked to: a broken queue must not look fast.
  [[nodiscard]] bool sound() const { return failures_ == 0 && queue_.size() == prefill; }
  /// Depends on the order in which tasks came out.
  [[nodiscard]] std::uint64_t order_checksum() const { return order_checksum_; }

private:
  void add() {
    const auto priority = priorities_.of(next_id_);
    failures_ += queue_.add_task(next_id_++, priority, payload_) != AddResult::added;
  }
  void turn() {
    add();
    const auto task = queue_.try_get_next_task();
    if (!task) {
      ++failures_;
      return;
    }
    order_checksum_ = order_checksum_ * 31 + task->id;
    failures_ += queue_.complete_task(task->id) != Transition::ok;
    failures_ += queue_.forget_task(task->id) != Transition::ok;
  }

  Queue queue_{limits};
  const Stream& priorities_;
  std::array<std::byte, 16> payload_{};
  TaskId next_id_ = 1;
  std::uint64_t order_checksum_ = 0;
  std::size_t failures_ = 0;
};

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// One iteration is one pair of batches; the counter `ours_over_reference` is the median over all pairs.
void storage_against_reference(benchmark::State& state, Priorities kind) {
  constexpr std::size_t turns = 2000;
  const SecondThread other;
  const Stream priorities{kind};
  std::minstd_rand coin{1};
  Subject<MutexTaskQueue> ours{priorities};
  Subject<ReferenceTaskQueue> reference{priorities};
  for (int warm_up = 0; warm_up < 10; ++warm_up) {
    (void)ours.time(turns);
    (void)reference.time(turns);
  }

  std::vector<double> ours_ns;
  std::vector<double> reference_ns;
  std::vector<double> ratios;
  for ([[maybe_unused]] auto iteration : state) {
    const bool ours_first = coin() % 2 == 0;
    const double before = ours_first ? ours.time(turns) : 0.0;
    reference_ns.push_back(reference.time(turns));
    ours_ns.push_back(ours_first ? before : ours.time(turns));
    ratios.push_back(ours_ns.back() / reference_ns.back());
  }
  if (!ours.sound() || !reference.sound() || ours.order_checksum() != reference.order_checksum()) {
    state.SkipWithError("the two queues did not hand out the same tasks in the same order");
    return;
  }
  state.counters["ours_ns"] = median(ours_ns);
  state.counters["reference_ns"] = median(reference_ns);
  state.counters["ours_over_reference"] = median(ratios);
}

/// A queue is made anew for each measured window.
void construction(benchmark::State& state) {
  for ([[maybe_unused]] auto iteration : state) {
    MutexTaskQueue queue{limits};
    benchmark::DoNotOptimize(queue);
  }
}

BENCHMARK_CAPTURE(storage_against_reference, levels_16, Priorities::levels_16)->Iterations(1000);
BENCHMARK_CAPTURE(storage_against_reference, all_equal, Priorities::all_equal)->Iterations(1000);
BENCHMARK_CAPTURE(storage_against_reference, any_int, Priorities::any_int)->Iterations(1000);
BENCHMARK_CAPTURE(storage_against_reference, ageing, Priorities::ageing)->Iterations(1000);
BENCHMARK(construction);

}  // namespace
