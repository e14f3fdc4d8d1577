#pragma once

/// The checks: functions from a history to a verdict. All are pure.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

#include "harness/verify/history/history.hpp"
#include "harness/verify/verdict.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench::verify {

// --- conservation -------------------------------------------------------------------------------

/// Checks that no task is lost or invented. A task that is handed out was added before, with the same
/// priority; it is handed out once, and never if it was cancelled. A cancelled task was queued. A task
/// is completed once, after it was handed out. No task is added after a shutdown has returned, or
/// handed out after a discard has returned. Whether a task that stays in the queue was lost is left to
/// the order checks, which look at takes that find nothing.
///
/// Sound, and complete for queues without any order if `check_empty_answers` holds too. Answers
/// `unknown` if tasks are not distinct, or if only a take that never returned can have handed out a
/// completed task. O(n) on average. Pure.
[[nodiscard]] Verdict check_conservation(std::span<const Operation> history);

/// Checks that each task came with its own payload, as `CallRecorder` noticed.
[[nodiscard]] Verdict check_payloads(std::span<const Operation> history);

// --- order --------------------------------------------------------------------------------------

// One check for each `Ordering`. All answer `unknown` if tasks are not conserved: see
// `check_conservation` first.
//
// They are exact for histories of adds, takes and cancels with distinct tasks, unless said otherwise.
// They are sound but not complete with a discard, whose effect on all tasks is one point in time, and
// with other calls that narrow down when a take had its effect. With calls that never returned they
// answer `unknown` if it matters which task such a call has taken.

/// Checks that tasks are handed out in the order of their adds, and that takes find nothing only when
/// there is nothing (Henzinger, Sezgin & Vafeiadis, "Aspect-oriented linearizability proofs", CONCUR
/// 2013; also Emmi & Enea, POPL 2018). It is violated exactly if
///
///  - a task was added wholly before another and left wholly after that one was taken, or
///  - the interval of a take that finds nothing is covered by the inner segments of all tasks.
///
/// A cancel removes its task without waiting for its turn. To other tasks it looks like a take in its
/// turn at any time after the cancel began. So both conditions hold with cancels too, and a cancelled
/// task overtakes no other. O(n log n).
[[nodiscard]] Verdict check_fifo_order(std::span<const Operation> history);

/// Checks that no task is handed out while one of higher priority is there, and that takes find
/// nothing only when there is nothing. Tasks of one priority may come in any order: see
/// `check_tie_order`. It is violated exactly if (compare Bouajjani, Enea & Wang, "Checking
/// linearizability of concurrent priority queues", CONCUR 2017)
///
///  - the interval of a take is covered by the inner segments of tasks of higher priority, or
///  - the interval of a take that finds nothing is covered by the inner segments of all tasks.
///
/// These conditions suffice. Let every take have its effect at the first instant of its interval that
/// is not covered, every add as late as it can, every cancel as early as it can. If a task of higher
/// priority were there at that instant, its own take could have been as early.
///
/// The interval of a take begins no earlier than the add of its task. A cancelled task may leave at any
/// time, but keeps others back until its cancel begins. O(n log n).
[[nodiscard]] Verdict check_priority_order(std::span<const Operation> history);

/// Checks that tasks of one priority are handed out in the order of their adds, as `check_fifo_order`
/// does. Not complete: it takes each priority for a queue of its own, and does not see that tasks of
/// other priorities narrow down when a take had its effect. So a history may pass this check,
/// `check_conservation` and `check_priority_order` and still be impossible. O(n log n).
[[nodiscard]] Verdict check_tie_order(std::span<const Operation> history);

/// Checks that the tasks that one thread added are handed out in the order in which it added them;
/// there is no order between threads. An add comes before the thread's later ones in the history
/// unless it never returned. Exact for histories without empty answers: each producer's tasks can be
/// judged by themselves (Herlihy & Wing, "Linearizability", TOPLAS 1990, on locality). Empty answers
/// are left to `check_empty_answers`. O(n) on average.
[[nodiscard]] Verdict check_producer_order(std::span<const Operation> history);

/// Checks that each take that finds nothing has an instant without a task: its interval is not covered
/// by the inner segments of all tasks. For queues whose order is not strict; exact for those without
/// any order. The deadline of a `take` does not narrow its interval. O(n log n).
[[nodiscard]] Verdict check_empty_answers(std::span<const Operation> history);

/// Checks the order of a history that uses ids again, as the checks above do for distinct tasks: for
/// `priority_fifo`, among tasks of one priority too. Sound, but not complete: looks only at tasks whose
/// calls tell which task each was about. If calls are not `single_steps`, cancelled tasks say nothing
/// about the order of others, and are not looked at either. O(n log n). Pure.
[[nodiscard]] Verdict check_reused_order(std::span<const Operation> history, Ordering ordering,
                                         bool single_steps = true);

/// How far hand-outs were from the order of priorities.
///
/// The rank error of a take is the number of tasks of higher priority that certainly were queued
/// during all of it: their inner segments contain its interval. The true error, at the instant at which
/// the take had its effect, is at least as large. A strict priority queue has none.
struct RankError {
  std::size_t takes = 0;       ///< calls that handed out a task
  std::size_t worst_take = 0;  ///< index of a take with the largest error; 0 when there is no take
  std::uint64_t max = 0;
  double mean = 0.0;  ///< over `takes`; 0 when there is none

  bool operator==(const RankError&) const = default;
};

/// Returns the rank errors of a history. Tasks that a take which never returned may have taken do not
/// count from then on. If tasks are not conserved or not distinct, hand-outs from the first flaw on are
/// left out: see `check_conservation` first. O(n log² n), by counting dominated points (Bentley,
/// "Multidimensional divide-and-conquer", CACM 1980). Pure.
[[nodiscard]] RankError rank_error(std::span<const Operation> history);

// --- the promises to threads that wait ----------------------------------------------------------

/// Judges a history whose threads got stuck: some calls never returned, and nothing moved any more. It
/// is violated, since every call of the contract returns once nobody else moves, except a take before
/// its deadline and a `join` of tasks that nobody ends. Says which promise was broken: a lost wake-up,
/// a waiter left after shutdown, a `join` that misses the end, or a call that waits for a lock. O(n).
[[nodiscard]] Verdict check_stuck(const History& history);

/// Checks that no wait times out before its deadline, and that none lasts longer than `lateness` beyond
/// it. Choose far more than a busy machine adds, so that only a wait that begins anew is caught. O(n).
[[nodiscard]] Verdict check_deadlines(const History& history, std::chrono::nanoseconds lateness);

/// A wake-up is late when it takes so many beats, some 20 ms at least. A strategy that polls sleeps for
/// 1 ms at most, and threads are stopped for 0.3 ms.
inline constexpr std::size_t late_beats = 40;

/// Checks that threads that wait are woken, and do not find out by themselves after a while: that none
/// goes on waiting for `late_beats` of `beats` or more
///
///  - in a take, from when a task is queued until that is removed, from when the queue has been shut
///    down, or from its deadline;
///  - in a `join`, from when every task has ended until the next is added.
///
/// `beats`, ascending, are times at which the machine had a CPU to spare (`Pulse`), so that a busy
/// machine is not taken for a late wake-up. Says nothing of calls that never returned: see
/// `check_stuck`. Ids must be distinct. O(n log n), and more where many tasks lie for long.
[[nodiscard]] Verdict check_wake_ups(const History& history, std::span<const Instant> beats);

/// Checks that each `join` that returned could see a moment at which no task was queued or processing,
/// and that no take is answered `shut_down` before a shutdown began. Ids must be distinct. O(n log n)
/// for each join.
[[nodiscard]] Verdict check_endings(const History& history);

// --- numbers of tasks: sound bounds for histories of any length, in which ids may be used again ------

/// Checks that `size` is a number of queued tasks that the calls allow: at least the tasks whose add
/// was over, less those whose removal had begun; at most those whose add had begun, less those whose
/// removal was over. So it is exact while no other call is under way. After a discard it is 0.
///
/// If calls are not `single_steps`, `size` may count adds under way that are refused. O(n log n). Pure.
[[nodiscard]] Verdict check_sizes(const History& history, bool single_steps = true);

/// Checks that no task is added while `capacity` tasks are known, and that no add is refused as `full`
/// while fewer are, unless its payload is too long. Both are bounded as in `check_sizes`.
///
/// If calls are not `single_steps`, adds that are refused may hold places, and so may cancelled tasks
/// that were forgotten, until their turn. O(n log n). Pure.
[[nodiscard]] Verdict check_capacity(const History& history, std::uint32_t capacity,
                                     bool single_steps = true);

// --- the whole contract, decided by search: of each task, and of the queue as a whole -----------

/// Takes less than a second, and up to a few hundred bytes a step. Windows of 48 calls of four threads
/// take some hundred steps, or some ten thousand if no order agrees.
inline constexpr std::uint64_t default_most_steps = 2'000'000;

/// Checks when the queue was shut down. There is a moment, during the first call of `shutdown` or at
/// its end, from which on every add is refused as `shut_down`, and before which none is, nor any take
/// answered so. Holds for every strategy. O(n). Pure.
[[nodiscard]] Verdict check_shutdown_order(const History& history);

/// Checks what the contract says of each task by itself: its states and the answers about them, that it
/// is handed out once and with its priority, that `join` waits for it, and that a discard cancels it.
/// Includes `check_shutdown_order`.
///
/// Each id is searched by itself. This is sound for every strategy: an order of all calls that agrees
/// with the contract contains an order of the calls about each id (Herlihy & Wing, 1990, on locality).
/// A discard may take several steps, since each id sees only its own. What ties tasks together is not
/// looked at: order, capacity, `size`, takes that find nothing, and that a take which never returned
/// has taken one task at most.
///
/// O(n log n) while few calls about one id overlap. The search of an id may take `most_steps`, and
/// sixteen more for each of its calls. Pure.
[[nodiscard]] Verdict check_tasks(const History& history,
                                  std::uint64_t most_steps = default_most_steps);

/// The promises of a strategy for a whole queue.
struct ContractRules {
  Ordering ordering = Ordering::none;
  std::uint32_t capacity = 1;
  /// Whether each call is one step. If not, the contract is weaker while calls overlap, as it is for
  /// the lock-free strategies (docs/contract.md): calls that this makes uncertain are not looked at,
  /// and neither is the order.
  bool single_steps = true;
};

[[nodiscard]] ContractRules rules_of(const StrategyTraits& traits, std::uint32_t capacity);

/// Histories with more operations or ids than these are not searched as a whole.
inline constexpr std::size_t most_window_operations = 128;
inline constexpr std::size_t most_window_ids = 16;

/// Checks the whole contract of a queue that is new at the start of the history: `check_tasks`, and all
/// calls together: order, capacity, takes that find nothing, `size` while no other call is under way,
/// `join` and `shutdown`. For short histories: at worst exponential in the calls that overlap, and
/// `unknown` beyond `most_window_operations` or `most_window_ids`. Pure.
[[nodiscard]] Verdict check_contract(const History& history, const ContractRules& rules,
                                     std::uint64_t most_steps = default_most_steps);
}  // namespace lockbench::verify
