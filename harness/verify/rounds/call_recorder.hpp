#pragma once

/// A queue of any strategy behind one function, so that the rounds are compiled once for all
/// strategies, and the recorder through which a thread calls it. Nothing here is ever measured.

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>

#include "harness/verify/history/history.hpp"
#include "harness/verify/rounds/round_ids.hpp"
#include "harness/verify/rounds/task_payload.hpp"
#include "strategies/storage/critical_section.hpp"
#include "strategies/storage/longest_sleep.hpp"
#include "strategies/storage/steps.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench::verify {

/// Makes the call of `operation`, a take until `deadline`, and writes the answer into it. A task that
/// is added has its `TaskPayload`. Returns the payload of the task handed out, if any.
using AnyTaskQueue = std::function<Payload(Operation& operation, Deadline deadline)>;

[[nodiscard]] inline Payload hand_out(Operation& operation, const Task& task) noexcept {
  operation.answer = Answer::task;
  operation.id = task.id;
  operation.priority = task.priority;
  return task.payload;
}

/// What an `AnyTaskQueue` does.
[[nodiscard]] Payload make_call(TaskQueue auto& queue, Operation& operation, Deadline deadline) {
  const auto id = operation.id;
  auto& answer = operation.answer;
  switch (operation.call) {
    case Call::add: {
      const TaskPayload payload(id, operation.priority, operation.too_long);
      answer = answer_of(queue.add_task(id, operation.priority, payload.bytes()));
      break;
    }
    case Call::try_take: {
      const auto task = queue.try_get_next_task();
      if (task) return hand_out(operation, *task);
      answer = Answer::nothing;
      break;
    }
    case Call::take: {
      const auto result = queue.get_next_task(deadline);
      if (result.outcome == TakeOutcome::task) return hand_out(operation, result.task);
      const bool timed_out = result.outcome == TakeOutcome::timed_out;
      answer = timed_out ? Answer::timed_out : Answer::shut_down;
      break;
    }
    case Call::status: answer = answer_of(queue.get_status(id)); break;
    case Call::complete: answer = answer_of(queue.complete_task(id)); break;
    case Call::cancel: answer = answer_of(queue.cancel_task(id)); break;
    case Call::forget: answer = answer_of(queue.forget_task(id)); break;
    case Call::size:
      operation.size = queue.size();
      answer = Answer::counted;
      break;
    case Call::join:
      queue.join();
      answer = Answer::returned;
      break;
    case Call::shutdown_drain:
    case Call::shutdown_discard:
      queue.shutdown(operation.call == Call::shutdown_drain ? ShutdownMode::drain
                                                            : ShutdownMode::discard);
      answer = Answer::returned;
      break;
  }
  return {};
}

/// Where a queue can be disturbed on purpose, besides anywhere by a signal.
enum class Hooks : std::uint8_t {
  none,
  under_lock,     ///< with its lock held, once an operation
  between_steps,  ///< between the steps of its lock-free operations
};

/// The steps of lock-free queues that are verified; one hook for all of them in a process.
struct HookedSteps {
  static void between() noexcept {
    if (const auto hooked = hook.load(std::memory_order_relaxed); hooked != nullptr) hooked();
  }
  static inline std::atomic<CriticalWork> hook{nullptr};
};

/// A queue of the same source as `Q` that has hooks between its steps, if its author provides for them:
/// if it is a template over its steps.
template <class Q>
struct Hooked {
  using Queue = Q;
  static constexpr Hooks hooks = HasCriticalSection<Q> ? Hooks::under_lock : Hooks::none;
};
template <template <class> class Q>
struct Hooked<Q<NoSteps>> {
  using Queue = Q<HookedSteps>;
  static constexpr Hooks hooks = Hooks::between_steps;
};

/// A strategy to verify: its claims, and how its queues are made.
struct Subject {
  StrategyTraits traits;
  Hooks hooks;
  bool looks_again;  ///< whether its waiters look again now and then; here they do not
  /// `hook` is called at the hooks of the queue, if there are any.
  AnyTaskQueue (*make)(QueueLimits limits, CriticalWork hook);
};

template <TaskQueue Q>
Subject subject_of() {
  return {Q::traits, Hooked<Q>::hooks, LooksAgain<Q>,
          [](QueueLimits limits, CriticalWork hook) -> AnyTaskQueue {
            const auto queue = std::make_shared<typename Hooked<Q>::Queue>(limits);
            if constexpr (HasCriticalSection<Q>) queue->set_critical_section(hook);
            if constexpr (Hooked<Q>::hooks == Hooks::between_steps) HookedSteps::hook = hook;
            // Or else a waiter whose wake-up was lost would come to its task all the same.
            if constexpr (LooksAgain<Q>) queue->set_longest_sleep(until_woken);
            return [queue](Operation& operation, Deadline deadline) {
              return make_call(*queue, operation, deadline);
            };
          }};
}

using Clock = std::chrono::steady_clock;

/// Makes the calls of one thread and records them. Only that thread may use it until it has ended,
/// except for `finished` and `seen_by_stuck`.
///
/// The ids that it is given and records are names: see `RoundIds`.
class CallRecorder {
public:
  /// Records at most `most` calls: make no more once `is_full`.
  CallRecorder(const AnyTaskQueue& queue, RoundIds ids, std::uint16_t thread,
               Clock::time_point start, std::size_t most);

  Operation add(TaskId id, int priority, bool too_long = false) {
    return make({.id = id, .priority = priority, .call = Call::add, .too_long = too_long});
  }
  Operation try_take() { return make({.call = Call::try_take}); }
  Operation take(Deadline deadline);
  Operation status(TaskId id) { return make({.id = id, .call = Call::status}); }
  Operation complete(TaskId id) { return make({.id = id, .call = Call::complete}); }
  Operation cancel(TaskId id) { return make({.id = id, .call = Call::cancel}); }
  Operation forget(TaskId id) { return make({.id = id, .call = Call::forget}); }
  /// Completes and forgets a task.
  void finish(TaskId id) {
    complete(id);
    forget(id);
  }
  Operation size() { return make({.call = Call::size}); }
  Operation join() { return make({.call = Call::join}); }
  Operation shutdown(ShutdownMode mode) {
    const bool drains = mode == ShutdownMode::drain;
    return make({.call = drains ? Call::shutdown_drain : Call::shutdown_discard});
  }
  /// Makes any call: `operation` says which, and has no answer yet.
  Operation make(Operation operation, Deadline deadline = {});

  [[nodiscard]] std::uint16_t thread() const noexcept { return thread_; }
  [[nodiscard]] bool is_full() const noexcept { return !has_room_for(1); }
  [[nodiscard]] bool has_room_for(std::size_t calls) const noexcept {
    return calls <= calls_.capacity() - calls_.size();
  }
  [[nodiscard]] const History& calls() const noexcept { return calls_; }

  /// The number of calls that have returned. Grows while the thread makes progress. Thread-safe.
  [[nodiscard]] std::size_t finished() const noexcept {
    return finished_.load(std::memory_order_acquire);  // (1) pairs with (2)
  }
  /// What a thread that makes no progress has seen: the calls that returned, and the one that did not.
  /// Thread-safe as long as the thread makes no progress.
  [[nodiscard]] History seen_by_stuck() const;

  /// Whether to look at the bytes of tasks taken: not if other threads may forget these tasks meanwhile.
  /// Lengths are looked at in any case.
  bool checks_payloads = true;

private:
  /// The call under way, for a watcher.
  struct Current {
    std::atomic<bool> under_way{false};
    std::atomic<Call> call{Call::size};
    std::atomic<TaskId> id{0};
    std::atomic<int> priority{0};
    std::atomic<bool> too_long{false};
    std::atomic<Instant> invoked{0};
    std::atomic<Instant> deadline{never};
  };

  [[nodiscard]] Instant now() const noexcept {
    return static_cast<Instant>((Clock::now() - start_).count());
  }

  /// Whether `task` came with `payload`, and not with another's.
  [[nodiscard]] bool is_own(const Operation& task, Payload payload) const;

  const AnyTaskQueue& queue_;
  RoundIds ids_;
  Clock::time_point start_;
  std::uint16_t thread_;
  History calls_;
  Current current_;
  std::atomic<std::size_t> finished_{0};
};

}  // namespace lockbench::verify
