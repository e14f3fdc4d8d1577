#pragma once

#include <functional>
#include <map>
#include <string>

#include "harness/verify/judge.hpp"

namespace lockbench::verify {

struct CampaignSpec {
  std::vector<std::uint32_t> threads{2, 3, 4, 8};  ///< one of them a round
  double seconds = 5;
  std::uint64_t seed = 0;
};

/// What one check has decided.
struct CheckTally {
  std::uint64_t linearizable = 0;  ///< verdicts; some checks give several of a history
  std::uint64_t unknown = 0;
  std::string why_unknown = {};  ///< of the last one
};

/// What became of the others while a thread was stopped in the middle of a call.
struct StopTally {
  std::uint64_t stops = 0;
  std::uint64_t stalls = 0;  ///< of these, those in which nobody else finished a call
  double stopped_s = 0;
  std::uint64_t calls_of_others = 0;
};

/// How far a relaxed priority queue was from the order of priorities; see `RankError`.
struct RankTally {
  std::uint64_t takes = 0;
  double sum = 0;  ///< of their rank errors
  std::uint64_t max = 0;
};

struct Violation {
  Check check = Check::conservation;
  std::string round;  ///< the kind of round
  Verdict verdict;
  RecordedHistory recorded;  ///< empty where no single history shows it
  double found_after_s = 0;
};

struct CampaignResult {
  double seconds = 0;
  std::uint64_t rounds = 0;
  std::uint64_t operations = 0;
  std::map<Check, CheckTally> checks;
  StopTally stops;
  RankTally ranks;  ///< of relaxed strategies alone
  std::optional<Violation> violation;
  /// Threads are stuck in the queue: the process has to end by `_exit`.
  bool stuck = false;
};

/// Whether the others got on while a thread was stopped, where `traits` claims that they do. One stop
/// says little on a busy machine, on which others may not have had a CPU: violated only when nobody
/// ever got on, in at least five stops. Pure.
[[nodiscard]] Verdict check_progress(const StopTally& stops, const StrategyTraits& traits);

/// Runs rounds of all kinds on queues of `subject` until the time is over or a check is violated.
/// One campaign a process at a time: it sets the handler of SIGUSR2.
[[nodiscard]] CampaignResult run_campaign(const Subject& subject, const CampaignSpec& spec);

}  // namespace lockbench::verify
