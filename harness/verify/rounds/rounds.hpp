#pragma once

/// A round: a fresh queue, a few threads that use it at random for some milliseconds, and what they
/// saw. Each kind of round makes other mistakes likely.

#include <optional>

#include "harness/verify/rounds/crew.hpp"

namespace lockbench::verify {

struct RoundSpec {
  std::uint32_t threads = 4;
  std::uint64_t seed = 0;
};

/// What became of the others while one thread was stopped.
struct StopOutcome {
  bool in_a_call = false;             ///< it was stopped inside a call of the queue
  double stopped_s = 0;               ///< for how long
  std::uint64_t calls_of_others = 0;  ///< begun and ended meanwhile
};

struct RoundOutcome {
  History history;
  std::uint32_t threads = 0;
  std::uint64_t seed = 0;
  std::uint32_t capacity = 0;
  bool stuck = false;    ///< nothing moved any more: the history has calls that never returned
  bool distinct = true;  ///< no id was used for two tasks
  std::optional<StopOutcome> stop = {};
};

/// All calls on few ids of a small queue: short enough for an exhaustive search.
[[nodiscard]] RoundOutcome contract_round(const Subject& subject, const RoundSpec& spec);
/// Tasks of random priorities, added and taken by many threads, drained at the end: for order.
[[nodiscard]] RoundOutcome order_round(const Subject& subject, const RoundSpec& spec);
/// Threads that wait: for tasks, for deadlines, for the end of all tasks, for shutdown.
[[nodiscard]] RoundOutcome waiting_round(const Subject& subject, const RoundSpec& spec);
/// One thread is stopped in the middle of a call, with the lock held where there is one.
[[nodiscard]] RoundOutcome stop_round(const Subject& subject, const RoundSpec& spec);

/// How roughly the threads of a round are treated: anything from not at all.
[[nodiscard]] Treatment draw_treatment(Random& random);

}  // namespace lockbench::verify
