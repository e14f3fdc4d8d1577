#pragma once

/// The task queue contract: what every strategy promises, whatever it synchronises with.
///
/// A task has a caller-chosen 64-bit id, a priority (higher first; equal priorities in arrival
/// order where the strategy's `ordering` says so) and a payload. It moves through
///
///     queued -> processing -> completed
///     queued -> cancelled
///
/// and is known to the queue from `add_task` until `forget_task`. All member functions may be
/// called from any thread at any time, except construction and destruction.

#include <array>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace lockbench {

/// Chosen by the caller; unique among all tasks the queue still knows. Every value is allowed.
using TaskId = std::uint64_t;

/// Bytes copied into the queue by `add_task`.
using Payload = std::span<const std::byte>;

/// Deadlines are points in time, so a spurious or stolen wake-up never restarts a wait.
using Deadline = std::chrono::steady_clock::time_point;

/// A task as handed out to a worker.
struct Task {
  TaskId id{};
  int priority{};
  /// A view of the queue's own copy: valid until the task is forgotten.
  Payload payload{};
};

enum class [[nodiscard]] AddResult : std::uint8_t{
    added,
    duplicate,  ///< the queue still knows a task of this id
    shut_down,  ///< `shutdown` has been called
    full,       ///< `capacity` tasks are held, or the payload is longer than `payload_bytes`
};

enum class [[nodiscard]] TaskStatus : std::uint8_t{unknown, queued, processing, completed,
                                                   cancelled};

/// What became of a requested change of state.
enum class [[nodiscard]] Transition : std::uint8_t{ok, unknown, wrong_state};

enum class TakeOutcome : std::uint8_t { task, timed_out, shut_down };

/// Result of a blocking take; `task` means something only when `outcome` is `TakeOutcome::task`.
struct [[nodiscard]] TakeResult {
  TakeOutcome outcome{TakeOutcome::timed_out};
  Task task{};
};

enum class ShutdownMode : std::uint8_t {
  drain,    ///< what is queued is still handed out
  discard,  ///< what is queued becomes `cancelled`
};

/// Bounds on what one queue may hold. Constructors throw `std::invalid_argument` when a bound is
/// zero where it must not be, or larger than `max_capacity` / `max_payload_bytes`.
struct QueueLimits {
  static constexpr std::uint32_t max_capacity = 1U << 23U;
  static constexpr std::uint32_t max_payload_bytes = 1U << 16U;

  /// Tasks known at once: queued, processing, and finished but not yet forgotten.
  /// A lock-free queue may hold a cancelled task's place until its turn would have come.
  std::uint32_t capacity = 1U << 16U;
  /// Longest payload in bytes; may be 0.
  std::uint32_t payload_bytes = 64;
};

// --- traits: shown by `bench list`, in the CSV and in the charts, beside a strategy's numbers ----

/// The order in which queued tasks are handed out.
enum class Ordering : std::uint8_t {
  priority_fifo,      ///< by priority, ties in arrival order
  priority,           ///< by priority, ties unordered
  fifo,               ///< in arrival order; priorities are carried but ignored
  fifo_per_producer,  ///< tasks of one adding thread in their order; no order between threads
  relaxed,            ///< approximately by priority
  none,               ///< no promise
};

/// What the failure or delay of one thread does to the others.
enum class Progress : std::uint8_t { blocking, lock_free, wait_free };

/// How a thread waits for its turn at the data (not for a task to arrive).
enum class Waits : std::uint8_t { parks, spins, spins_then_parks, never };

/// How `get_next_task` waits for a task to arrive: asleep in the kernel, or by looking again and
/// again with growing pauses.
enum class TaskWait : std::uint8_t { parks, polls, never };

/// How much of the contract a strategy keeps.
enum class Conformance : std::uint8_t {
  full,             ///< all of it, from any number of threads
  single_threaded,  ///< only while one thread uses it: a demonstration of races
  none,             ///< nothing is stored: a measurement of the harness
};

/// What calls of several threads amount to while they overlap.
enum class Consistency : std::uint8_t {
  linearizable,  ///< each call is one step (Herlihy & Wing, 1990)
  per_task,      ///< what is said of each task is; calls about several may be weaker, as documented
};

struct StrategyTraits {
  std::string_view name;     ///< as typed after `--strategy`; lower case, digits, underscores
  std::string_view summary;  ///< one line: what synchronises it
  Ordering ordering{Ordering::none};
  Progress progress{Progress::blocking};
  Waits waits{Waits::parks};
  TaskWait task_wait{TaskWait::parks};
  std::string_view source;                 ///< standard library, package, or paper
  std::array<std::string_view, 3> tags{};  ///< groups for `--strategy TAG`; empty entries unused
  Conformance conformance{Conformance::full};
  Consistency consistency{Consistency::linearizable};
};

/// What every strategy models. Complexity and thread-safety are those of the table below.
///
/// | call                | result       | rules                                                       |
/// | ---                 | ---          | ---                                                         |
/// | `add_task`          | `AddResult`  | the id must be new; a refused call changes nothing          |
/// | `try_get_next_task` | task or none | never waits for a task; no task is handed out twice         |
/// | `get_next_task`     | `TakeResult` | waits until `deadline`; `shut_down` once nothing can come   |
/// | `get_status`        | `TaskStatus` | the read operation                                          |
/// | `complete_task`     | `Transition` | only from `processing`; check and act are one atomic step   |
/// | `cancel_task`       | `Transition` | only from `queued`; a cancelled task is never handed out    |
/// | `forget_task`       | `Transition` | only from `completed` or `cancelled`; drops the record      |
/// | `size`              | queued tasks | O(1); exact when no other call is in flight                 |
/// | `join`              | -            | returns when no task is queued or processing                |
/// | `shutdown`          | -            | refuses new tasks, wakes every waiter, is idempotent;       |
/// |                     |              | `discard` after `drain` discards what is left               |
// clang-format off
template <class Q>
concept TaskQueue =
    std::constructible_from<Q, QueueLimits> &&
    requires(Q queue, const Q& view, TaskId id, int priority, Payload payload, Deadline deadline,
             ShutdownMode mode) {
      { Q::traits } -> std::convertible_to<StrategyTraits>;
      { queue.add_task(id, priority, payload) } -> std::same_as<AddResult>;
      { queue.try_get_next_task() } -> std::same_as<std::optional<Task>>;
      { queue.get_next_task(deadline) } -> std::same_as<TakeResult>;
      { view.get_status(id) } -> std::same_as<TaskStatus>;
      { queue.complete_task(id) } -> std::same_as<Transition>;
      { queue.cancel_task(id) } -> std::same_as<Transition>;
      { queue.forget_task(id) } -> std::same_as<Transition>;
      { view.size() } -> std::same_as<std::size_t>;
      { queue.join() } -> std::same_as<void>;
      { queue.shutdown(mode) } -> std::same_as<void>;
    };
// clang-format on

}  // namespace lockbench
