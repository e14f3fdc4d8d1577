#pragma once

/// One thread's side of a window: its random stream, its counters, its own clock readings, and the
/// operations that workloads are made of.

#include <atomic>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>
#include <thread>
#include <vector>

#include "harness/base/random.hpp"
#include "harness/engine/hold_model.hpp"
#include "harness/engine/sampler.hpp"
#include "harness/engine/window_spec.hpp"
#include "harness/metrics/latencies.hpp"
#include "harness/metrics/measurement.hpp"
#include "strategies/locks/cpu_relax.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {

/// The stage of a window that the team is in. Set by the coordinator, read by every worker between
/// operations; never by anything that is timed.
enum class Phase : std::uint32_t {
  gather,   ///< workers spin until the last has arrived
  warm_up,  ///< operations count for verification only
  measure,  ///< operations count
  stop,     ///< finish the operation under way and leave
};

/// On a cache line of its own: during a window it is shared read-only by all cores.
struct alignas(64) PhaseFlag {
  std::atomic<Phase> value{Phase::gather};
};

/// The ids of different owners never meet: the owner in the upper bits, a count in the lower. Owner
/// 0 is the prefill, worker i is owner i + 1.
inline constexpr unsigned owner_shift = 40;
[[nodiscard]] constexpr TaskId first_id_of(std::uint32_t owner) noexcept {
  return TaskId{owner} << owner_shift;
}

/// A blocking take gives up so long after the worker was made. That is longer than any window, so only
/// a lost wake-up reaches it.
inline constexpr std::chrono::seconds longest_wait{100};

/// Owner of the tasks that workloads with reads find taken and never completed, beside the prefill.
/// Reads ask for the status of work in progress, as a dashboard does, so every answer can be checked.
inline constexpr std::uint32_t standing_owner = 0xffffff;

/// Readings of the calling thread. The clock is read last at a start and first at a stop, so that the
/// cost of reading lies outside of what is timed. An arrival has no counters. `instruments` may be null.
[[nodiscard]] Stamp stamp_at_arrival(const Instruments* instruments) noexcept;
[[nodiscard]] Stamp stamp_at_start(const Instruments* instruments) noexcept;
[[nodiscard]] Stamp stamp_at_stop(const Instruments* instruments) noexcept;

/// Aligned to two lines, so that neighbours' counters never share a line nor a prefetched pair.
class alignas(128) Worker {
public:
  /// Both `phase` and `spec` outlive the worker.
  Worker(const PhaseFlag& phase, const WindowSpec& spec, std::uint32_t index, std::uint32_t role);

  /// Notes what this thread has cost until now. To be called just before the start barrier.
  void arrive() noexcept { notes.arrival = stamp_at_arrival(instruments_); }

  [[nodiscard]] const CaseParameters& point() const noexcept { return *point_; }
  /// 0 … threads - 1.
  [[nodiscard]] std::uint32_t index() const noexcept { return index_; }
  [[nodiscard]] bool is_producer() const noexcept { return index_ < point_->producers; }
  /// The window has begun and not ended, as this thread has seen it.
  [[nodiscard]] bool is_measuring() const noexcept { return seen_ == Phase::measure; }

  /// True until the window stops, and never again. Costs one load of a line that nobody writes
  /// meanwhile. Inlined, like all that surrounds each call of the queue, wherever it is used: where
  /// it is used often, a compiler would otherwise make calls of it, which cost as much again.
  [[nodiscard]] [[gnu::always_inline]] bool running() noexcept {
    const Phase phase = phase_->value.load(std::memory_order_relaxed);
    if (phase == seen_) [[likely]] {
      return true;
    }
    return enter(phase);
  }
  /// As above, for a loop that keeps its counts to itself: `settle` brings `tally` up to date before a
  /// new phase is entered.
  template <std::invocable Settle>
  [[nodiscard]] bool running(Settle&& settle) noexcept {
    if (phase_->value.load(std::memory_order_relaxed) == seen_) [[likely]] {
      return true;
    }
    settle();
    return running();
  }

  [[nodiscard]] bool draws_cancel() noexcept { return cancel_chance_.hit(random_.next()); }
  /// From this thread's own stream.
  [[nodiscard]] Random& random() noexcept { return random_; }

  /// Work between two operations, and work for a task that was taken.
  [[gnu::always_inline]] void think() noexcept { think_work_.run(); }
  void work() noexcept { task_work_.run(); }
  /// Work that the queue does while it holds its lock.
  [[nodiscard]] WorkSource& critical_work() noexcept { return critical_work_; }

  /// Makes a call to the queue, and times it if it is one of those that are sampled. What the call
  /// returns must be something that `succeeded` can judge.
  template <class Call>
  [[gnu::always_inline]] auto observed(LatencyKind kind, Call&& call) noexcept {
    if (!sampler_.chooses()) [[likely]] {
      return call();
    }
    return timed(kind, call);
  }

  /// Before the window: what is timed later shall meet no page fault, and delay no task by it.
  void expect_operations() {
    if (sampler_.every() == 0) return;
    for (std::size_t kind = 0; kind < operation_kinds; ++kind)
      expect(static_cast<LatencyKind>(kind));
  }
  void expect(LatencyKind kind) { (void)latencies.of(kind); }

  /// Records a duration of a task, whenever it ended; of a kind that was expected.
  void record(LatencyKind kind, Clock::duration duration) {
    latencies.of(kind).record(nanoseconds(duration));
  }

  /// The read operation: the status of one of the tasks in progress (see `standing_tasks`).
  /// Any answer but `processing` is wrong.
  [[gnu::always_inline]] void read_status(const TaskQueue auto& queue) noexcept {
    const TaskId id = first_id_of(standing_owner) + random_.below(standing_tasks);
    const auto status = observed(LatencyKind::status, [&] { return queue.get_status(id); });
    ++(status == TaskStatus::processing ? tally.reads : contradictions.wrong_statuses);
  }

  /// How a task is moved on.
  enum class Step : std::uint8_t { add, take, complete, forget };
  /// What is next to be done. The task that a thread was moving on when it stopped is moved on when
  /// its workload runs again.
  [[nodiscard]] Step step() const noexcept { return step_; }

  /// Does the next of add, take, complete, forget. A take that finds nothing is tried again.
  void advance_one_task(TaskQueue auto& queue) noexcept { (void)advance(queue, step_); }
  /// Does `step`, which is the next. False when it has to be tried again, after a pause. Where `step`
  /// is a constant, nothing is left of the switch.
  [[gnu::always_inline]] bool advance(TaskQueue auto& queue, Step step) noexcept {
    switch (step) {
      case Step::add: return proceed_if(add_one(queue), Step::take);
      case Step::take: return proceed_if(take_one(queue), Step::complete);
      case Step::complete:
        return proceed_if(true, complete_one(queue, held_) ? Step::forget : Step::add);
      case Step::forget: forget_one(queue, held_); return proceed_if(true, Step::add);
    }
    return false;
  }

  /// Draws the priority of the task that follows one of priority `taken`; see hold_model.hpp.
  [[nodiscard]] int priority_after(int taken) noexcept {
    return lowered(taken, 1 + random_.below(point_->priorities));
  }
  /// Adds a task under a fresh id, with the priority that follows that of the task this thread took
  /// last. False when the queue is full: the caller decides how to wait.
  [[gnu::always_inline]] bool add_one(TaskQueue auto& queue) noexcept {
    return add_one(queue, priority_after(taken_priority_), payload_);
  }
  bool add_one(TaskQueue auto& queue, int priority) noexcept {
    return add_one(queue, priority, payload_);
  }
  [[gnu::always_inline]] bool add_one(TaskQueue auto& queue, int priority,
                                      Payload payload) noexcept {
    const TaskId id = next_id_;
    switch (observed(LatencyKind::add, [&] { return queue.add_task(id, priority, payload); })) {
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
  /// The task that this thread added last.
  [[nodiscard]] TaskId last_added() const noexcept { return next_id_ - 1; }

  /// Takes a task without waiting for one; `held()` is its id. False when there is none.
  [[gnu::always_inline]] bool take_one(TaskQueue auto& queue) noexcept {
    const auto task = observed(LatencyKind::take, [&] { return queue.try_get_next_task(); });
    if (task) {
      take(*task);
    } else {
      ++tally.empty_takes;
    }
    return task.has_value();
  }

  /// Waits for a task; nothing when it was woken, or gave up, without one. `held()` is its id.
  std::optional<Task> await_one(TaskQueue auto& queue) noexcept {
    const auto result = observed(LatencyKind::take, [&] { return queue.get_next_task(give_up_); });
    notes.woken_by_stop = result.outcome != TakeOutcome::task;
    if (result.outcome != TakeOutcome::task) {
      ++tally.empty_takes;
      return std::nullopt;
    }
    take(result.task);
    return result.task;
  }

  void take(const Task& task) noexcept {
    ++tally.takes;
    removed.include(task.id);
    held_ = task.id;
    taken_priority_ = task.priority;
  }
  /// The task that this thread took last, and its priority.
  [[nodiscard]] TaskId held() const noexcept { return held_; }
  [[nodiscard]] int taken_priority() const noexcept { return taken_priority_; }

  [[gnu::always_inline]] bool complete_one(TaskQueue auto& queue, TaskId id) noexcept {
    const auto result = observed(LatencyKind::complete, [&] { return queue.complete_task(id); });
    const bool done = result == Transition::ok;
    ++(done ? tally.completions : contradictions.double_hand_outs);
    return done;
  }

  [[gnu::always_inline]] void forget_one(TaskQueue auto& queue, TaskId id) noexcept {
    const auto result = observed(LatencyKind::forget, [&] { return queue.forget_task(id); });
    ++(result == Transition::ok ? tally.forgets : contradictions.refused_forgets);
  }

  void finish_one(TaskQueue auto& queue, TaskId id) noexcept {
    if (complete_one(queue, id)) forget_one(queue, id);
  }

  /// Cancels a task of this thread, which another may have taken already: then it is that one's to
  /// finish. False in that case.
  bool cancel_one(TaskQueue auto& queue, TaskId id) noexcept {
    const auto result = observed(LatencyKind::cancel, [&] { return queue.cancel_task(id); });
    if (result != Transition::ok) {
      ++tally.late_cancels;
      return false;
    }
    ++tally.cancels;
    removed.include(id);
    return true;
  }

  /// Pause after a refusal (nothing to take, no room): 64 relaxed spins, then one yield. Recorded
  /// in the run's context, since retrying is a part of what is measured.
  void back_off() noexcept {
    for (int i = 0; i < spins_before_yield; ++i) cpu_relax();
    std::this_thread::yield();
  }
  static constexpr int spins_before_yield = 64;

  // Read by the coordinator once the team has finished.
  Tally tally;  ///< of the warm-up too
  Contradictions contradictions;
  IdChecksum added;
  IdChecksum removed;  ///< taken and cancelled
  Latencies latencies;
  ThreadRecord notes;

private:
  /// Goes on to `next`, or pauses before the same step is tried again.
  [[gnu::always_inline]] bool proceed_if(bool done, Step next) noexcept {
    if (done) {
      step_ = next;
    } else {
      back_off();
    }
    return done;
  }

  /// The rare side of running(): notes the moment at which this thread itself saw a new phase.
  [[gnu::noinline, gnu::cold]] bool enter(Phase phase) noexcept;

  /// Whether a call did what it was made for: only such calls are operations and have a latency.
  static bool succeeded(AddResult result) noexcept { return result == AddResult::added; }
  static bool succeeded(const std::optional<Task>& task) noexcept { return task.has_value(); }
  static bool succeeded(const TakeResult& take) noexcept {
    return take.outcome == TakeOutcome::task;
  }
  static bool succeeded(TaskStatus status) noexcept { return status != TaskStatus::unknown; }
  static bool succeeded(Transition transition) noexcept { return transition == Transition::ok; }

  template <class Call>
  [[gnu::noinline]] auto timed(LatencyKind kind, Call& call) noexcept {
    const auto begin = Clock::now();
    auto result = call();
    const auto end = Clock::now();
    sampler_.rearm();
    if (succeeded(result)) note(kind, begin, end);
    return result;
  }
  /// A successful operation that was timed.
  void note(LatencyKind kind, Clock::time_point begin, Clock::time_point end) noexcept;

  static std::uint64_t nanoseconds(Clock::duration duration) noexcept {
    const auto count = std::chrono::nanoseconds(duration).count();
    return count > 0 ? static_cast<std::uint64_t>(count) : 0;
  }
  [[nodiscard]] WorkDone work_done() const noexcept {
    return {critical_work_.steps_done(), think_work_.steps_done(), task_work_.steps_done()};
  }

  const PhaseFlag* phase_;
  const CaseParameters* point_;
  const Instruments* instruments_;
  std::uint32_t index_;
  Phase seen_ = Phase::gather;
  bool has_stopped_ = false;
  Step step_ = Step::add;
  Chance cancel_chance_;
  Random random_;
  Sampler sampler_;
  Clock::time_point last_turn_{};
  Tally tally_at_start_;
  WorkDone work_at_start_;
  Deadline give_up_ = Clock::now() + longest_wait;  ///< of blocking takes
  TaskId next_id_;
  TaskId held_ = 0;
  int taken_priority_;
  std::vector<std::byte> payload_;
  WorkSource critical_work_;
  WorkSource think_work_;
  WorkSource task_work_;
};

}  // namespace lockbench
