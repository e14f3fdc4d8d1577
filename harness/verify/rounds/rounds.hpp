#pragma once

/// A round: some threads use a fresh queue at random for some milliseconds, and record what they see.
/// Each kind of round makes other mistakes likely.

#include <optional>

#include "harness/verify/rounds/round_team.hpp"

namespace lockbench::verify {

struct RoundSpec {
  std::uint32_t threads = 4;
  std::uint64_t seed = 0;
};

/// What the other threads did while one was stopped.
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
  bool stuck = false;    ///< some calls never returned, and nothing moved any more
  bool distinct = true;  ///< no id was used for two tasks
  std::optional<StopOutcome> stop = {};
};

/// Makes all calls on few ids of a small queue: short enough for an exhaustive search.
[[nodiscard]] RoundOutcome contract_round(const Subject& subject, const RoundSpec& spec);
/// Adds and takes tasks of random priorities by many threads, and drains the queue: for the order.
[[nodiscard]] RoundOutcome order_round(const Subject& subject, const RoundSpec& spec);
/// Has threads wait: for tasks, for deadlines, for the end of all tasks, for shutdown.
[[nodiscard]] RoundOutcome waiting_round(const Subject& subject, const RoundSpec& spec);
/// Stops one thread in the middle of a call, with the lock held if there is one.
[[nodiscard]] RoundOutcome stop_round(const Subject& subject, const RoundSpec& spec);

/// Draws how the threads of a round are disturbed; often not at all.
[[nodiscard]] Treatment draw_treatment(Random& random);

/// What a team that has run saw of its queue. `ended`: what `RoundTeam::run` returned.
[[nodiscard]] RoundOutcome outcome_of(const RoundTeam& team, const RoundSpec& spec, bool ended);

}  // namespace lockbench::verify
