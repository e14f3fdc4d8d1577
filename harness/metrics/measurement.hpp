#pragma once

/// From the notes of the threads of a window to its figures: pure functions.

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/base/cell.hpp"
#include "harness/base/tally.hpp"
#include "harness/base/thread_events.hpp"

namespace lockbench {

using Clock = std::chrono::steady_clock;

/// A thread's clock and cost readings at one moment, taken by itself.
struct Stamp {
  Clock::time_point time{};
  double cpu_s = 0;
  std::int64_t voluntary_switches = 0;
  std::int64_t involuntary_switches = 0;
  CounterReading counters{};                        ///< empty without instruments
  std::optional<std::int64_t> run_queue_wait_ns{};  ///< likewise
};

/// The notes of one thread about a window.
struct ThreadRecord {
  Stamp arrival{};  ///< at the start barrier, before the warm-up; its counters are not read
  Stamp start{};
  Stamp stop{};  ///< equals `start` if a call of the warm-up held the thread until the window ended
  Tally measured{};
  WorkDone work{};
  /// Longest time between two successful operations that were timed, or between one of them and an
  /// end of the window; 0 where none is timed. So no wait for a turn was longer.
  Clock::duration longest_gap{};
  std::uint32_t role = 0;  ///< fairness is judged within a role
  /// The stop woke this thread, which was asleep in the queue: its stop stamp tells when it woke, not
  /// until when work was possible.
  bool woken_by_stop = false;
};

struct Measurement {
  /// First start to last stop of threads that had a turn and were not merely asleep at the end, in
  /// seconds, by the threads' own clocks: the time in which work was possible.
  double duration_s = 0;
  /// Share of that time in which all threads were able to run. A thread that is held up in a call of
  /// the queue is able to run; one that waits on a run queue for its first or its last turn is not.
  double overlap = 0;
  Tally tally;
  double throughput_ops_s = 0;
  /// Jain's index and the least share within a role, the lower one of two roles; the largest share
  /// within a role, the higher one.
  double fairness_jain = 1;
  double min_thread_share = 1;
  double max_thread_share = 1;
  /// Longest time without a turn of any thread, in seconds. Where no operation was timed it is only
  /// what threads waited for their first turn, so a lower bound.
  double longest_gap_s = 0;
  WorkDone work;
  double cpu_s = 0;
  double voluntary_switches = 0;
  double involuntary_switches = 0;
  /// Summed over threads; empty where it is unknown for one of them.
  PerThreadEvent<Cell> events;
  Cell counted_share;  ///< the least of all threads
  Cell run_queue_wait_s;
};

/// Precondition: at least one thread. O(threads).
[[nodiscard]] Measurement measurement_of(std::span<const ThreadRecord> threads);

/// The work and the costs of one thread of a window.
struct ThreadMeasurement {
  std::uint32_t thread = 0;
  std::uint32_t role = 0;
  Tally tally;
  double share = 1;  ///< its operations over the mean of its role
  double longest_gap_s = 0;
  double start_s = 0;  ///< after the first thread of the window
  double duration_s = 0;
  double cpu_s = 0;
  double voluntary_switches = 0;
  double involuntary_switches = 0;
  CounterDelta counters;
  Cell run_queue_wait_s;
};
/// One a thread, in order. O(threads).
[[nodiscard]] std::vector<ThreadMeasurement> thread_measurements(
    std::span<const ThreadRecord> threads);

/// Everything that was ever added to and taken from one queue, warm-up and drain included.
struct Account {
  std::uint64_t added = 0;  ///< prefill included
  std::uint64_t taken = 0;
  std::uint64_t cancelled = 0;
  std::uint64_t remaining = 0;          ///< handed out when the queue was emptied after the window
  std::uint64_t remaining_twice = 0;    ///< of those, how often one came again
  std::uint64_t size_before_drain = 0;  ///< what size() said
  IdChecksum added_ids;
  IdChecksum taken_ids;  ///< cancelled and remaining ones included
  Contradictions contradictions;
};

/// Ways in which an account does not add up; all zero for a correct queue.
struct Violations : Contradictions {
  std::uint64_t lost_updates = 0;  ///< tasks accepted, never handed out, no longer there
  std::uint64_t invented = 0;      ///< tasks handed out that nobody added
  std::uint64_t wrong_size = 0;    ///< by how much size() was off

  bool operator==(const Violations&) const = default;
  [[nodiscard]] bool any() const noexcept { return *this != Violations{}; }
  /// `double_hand_outs=3 lost_updates=1`: those that are not zero. Empty when none is.
  [[nodiscard]] std::string text() const;
};

/// added - taken - cancelled = remaining, nothing twice, nothing invented.
[[nodiscard]] Violations audit(const Account& account);

}  // namespace lockbench
