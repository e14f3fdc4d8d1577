#pragma once

/// One thread's side of a window: its random stream, its counters, its own clock readings, and the
/// operations that workloads are made of.

#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

#include "harness/engine/phase.hpp"
#include "harness/engine/random.hpp"
#include "harness/plan/parameters.hpp"
#include "strategies/locks/cpu_relax.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {

using Clock = std::chrono::steady_clock;

/// The ids of different owners never meet: the owner in the upper bits, a count in the lower. Owner
/// 0 is the prefill, worker i is owner i + 1.
[[nodiscard]] constexpr TaskId first_id_of(std::uint32_t owner) noexcept {
  return TaskId{owner} << 40U;
}

/// Workloads that read find this many tasks taken and never completed, beside the prefill: reads
/// ask how work in progress is getting on, as a dashboard does, so every answer can be checked.
inline constexpr std::uint32_t standing_owner = 0xffffff;

/// Order-independent fingerprint of a multiset of task ids. Equal multisets have equal
/// fingerprints; unequal ones differ but for a chance of 2^-64.
struct IdChecksum {
  std::uint64_t sum = 0;
  void include(TaskId id) noexcept { sum += mixed_bits(id); }
};

/// What one thread has done. Only counts of what really succeeded are operations.
struct Tally {
  std::uint64_t reads = 0;
  std::uint64_t adds = 0;
  std::uint64_t takes = 0;
  std::uint64_t completions = 0;
  std::uint64_t forgets = 0;
  std::uint64_t empty_takes = 0;  ///< takes that found nothing
  std::uint64_t full_adds = 0;    ///< adds refused for want of room

  [[nodiscard]] std::uint64_t writes() const noexcept {
    return adds + takes + completions + forgets;
  }
  [[nodiscard]] std::uint64_t operations() const noexcept { return reads + writes(); }

  Tally& operator+=(const Tally& other) noexcept;
  [[nodiscard]] Tally since(const Tally& earlier) const noexcept;
};

/// Answers that a correct queue cannot give to the thread that asked.
struct Contradictions {
  std::uint64_t refused_new_ids = 0;   ///< a fresh id was called a duplicate
  std::uint64_t double_hand_outs = 0;  ///< a task just handed out to us was not ours to complete
  std::uint64_t refused_forgets = 0;   ///< a task just completed by us could not be forgotten
  std::uint64_t wrong_statuses = 0;    ///< a task in progress was said to be anything else

  Contradictions& operator+=(const Contradictions& other) noexcept;
};

/// A thread's clock and cost readings at one moment, taken by itself.
struct Stamp {
  Clock::time_point time{};
  double cpu_s = 0;
  std::int64_t voluntary_switches = 0;
  std::int64_t involuntary_switches = 0;

  [[nodiscard]] static Stamp now() noexcept;
};

/// Aligned to two lines, so that neighbours' counters never share a line nor a prefetched pair.
class alignas(128) Worker {
public:
  Worker(const PhaseFlag& phase, const CaseParameters& point, std::uint32_t index,
         std::uint64_t seed);

  [[nodiscard]] const CaseParameters& point() const noexcept { return *point_; }
  /// 0 … threads - 1.
  [[nodiscard]] std::uint32_t index() const noexcept { return index_; }
  [[nodiscard]] bool is_producer() const noexcept { return index_ < point_->producers; }

  /// True until the window stops. Costs one load of a line that nobody writes meanwhile.
  [[nodiscard]] bool running() noexcept {
    const Phase phase = phase_->value.load(std::memory_order_relaxed);
    if (phase == seen_) [[likely]] {
      return true;
    }
    return enter(phase);
  }

  [[nodiscard]] bool draws_read() noexcept { return read_chance_.hit(random_.next()); }

  /// The read operation: the status of one of the tasks in progress (see `standing_tasks`).
  /// Any answer but `processing` is wrong.
  void read_status(const TaskQueue auto& queue) noexcept {
    const TaskId id = first_id_of(standing_owner) + random_.below(standing_tasks);
    const bool right = queue.get_status(id) == TaskStatus::processing;
    ++(right ? tally.reads : contradictions.wrong_statuses);
  }

  /// The next of add, take, complete, forget. A take that finds nothing is tried again.
  void advance_one_task(TaskQueue auto& queue) noexcept {
    switch (step_) {
      case Step::add:
        if (add_one(queue)) {
          step_ = Step::take;
        } else {
          back_off();
        }
        return;
      case Step::take:
        if (const auto task = queue.try_get_next_task()) {
          take(*task);
          step_ = Step::complete;
        } else {
          ++tally.empty_takes;
          back_off();
        }
        return;
      case Step::complete: step_ = complete_one(queue, held_) ? Step::forget : Step::add; return;
      case Step::forget:
        forget_one(queue, held_);
        step_ = Step::add;
        return;
    }
  }

  /// Adds a task under a fresh id. False when the queue is full: the caller decides how to wait.
  bool add_one(TaskQueue auto& queue) noexcept {
    const TaskId id = next_id_;
    const auto priority = static_cast<int>(random_.below(point_->priorities));
    switch (queue.add_task(id, priority, payload_)) {
      case AddResult::added:
        ++next_id_;
        ++tally.adds;
        added.include(id);
        return true;
      case AddResult::duplicate:
        ++next_id_;
        ++contradictions.refused_new_ids;
        return false;
      case AddResult::full: ++tally.full_adds; return false;
      case AddResult::shut_down: return false;
    }
    return false;
  }

  void take(const Task& task) noexcept {
    ++tally.takes;
    taken.include(task.id);
    held_ = task.id;
  }

  bool complete_one(TaskQueue auto& queue, TaskId id) noexcept {
    const bool done = queue.complete_task(id) == Transition::ok;
    ++(done ? tally.completions : contradictions.double_hand_outs);
    return done;
  }

  void forget_one(TaskQueue auto& queue, TaskId id) noexcept {
    const bool done = queue.forget_task(id) == Transition::ok;
    ++(done ? tally.forgets : contradictions.refused_forgets);
  }

  /// Pause after a refusal (nothing to take, no room): 64 relaxed spins, then one yield. Recorded
  /// in the run's context, since retrying is a part of what is measured.
  void back_off() noexcept {
    for (int i = 0; i < spins_before_yield; ++i) cpu_relax();
    std::this_thread::yield();
  }
  static constexpr int spins_before_yield = 64;

  // Read by the coordinator once the team has finished.
  Tally tally;
  Tally tally_at_start;
  Tally tally_at_stop;
  Contradictions contradictions;
  IdChecksum added;
  IdChecksum taken;
  Stamp start;
  Stamp stop;
  /// The stop found this thread asleep in the queue, and what woke it was no task: its stop stamp
  /// tells when it woke, not until when work was possible.
  bool woken_by_stop = false;

  [[nodiscard]] Tally measured() const noexcept { return tally_at_stop.since(tally_at_start); }

private:
  enum class Step : std::uint8_t { add, take, complete, forget };

  /// The rare side of running(): notes the moment at which this thread itself saw a new phase.
  [[gnu::noinline, gnu::cold]] bool enter(Phase phase) noexcept;

  const PhaseFlag* phase_;
  const CaseParameters* point_;
  std::uint32_t index_;
  Phase seen_ = Phase::gather;
  Step step_ = Step::add;
  Chance read_chance_;
  Random random_;
  TaskId next_id_;
  TaskId held_ = 0;
  std::vector<std::byte> payload_;
};

}  // namespace lockbench
