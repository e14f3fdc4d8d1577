#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "harness/verify/rounds/call_recorder.hpp"
#include "harness/verify/verify.hpp"

namespace lockbench::verify {

struct CampaignSpec {
  std::vector<std::uint32_t> threads{2, 3, 4, 8};  ///< one of them a round
  double seconds = 5;
  std::uint64_t seed = 0;
};

/// The verdicts of one check.
struct CheckTally {
  std::uint64_t linearizable = 0;  ///< a check may give several verdicts on one history
  std::uint64_t unknown = 0;
  std::string why_unknown = {};  ///< the reason of the last unknown verdict
};

/// What other threads did while one was stopped in the middle of a call. Stops during which they had no
/// CPU say nothing, and are not counted.
struct StopTally {
  std::uint64_t stops = 0;
  std::uint64_t stalls = 0;  ///< stops during which no other thread finished a call
  double stopped_s = 0;
  std::uint64_t calls_of_others = 0;
};

/// How far a relaxed priority queue was from the order of priorities; see `RankError`.
struct RankTally {
  std::uint64_t takes = 0;
  double sum = 0;  ///< of the rank errors of these takes
  std::uint64_t max = 0;
};

struct Violation {
  Check check = Check::conservation;
  std::string round;  ///< the kind of round
  Verdict verdict;
  RecordedHistory recorded;  ///< empty if no single history shows it
  double found_after_s = 0;
};

struct CampaignResult {
  double seconds = 0;
  std::uint64_t rounds = 0;
  std::uint64_t operations = 0;
  std::map<Check, CheckTally> checks;
  StopTally stops;
  RankTally rank_error;  ///< only of relaxed strategies
  std::optional<Violation> violation;
  bool stuck = false;  ///< threads are stuck in the queue: the process has to end by `_exit`
};

/// Checks that other threads made progress while one was stopped, if `traits` claims that they do. Some
/// stalls may be the machine's, so it is violated only if there are so many that one stop in twenty, which
/// the machine may stall, would give them less than once in a million campaigns. Pure.
[[nodiscard]] Verdict check_progress(const StopTally& stops, const StrategyTraits& traits);

/// Runs rounds of all kinds on queues of `subject` until the time is over or a check is violated. Only
/// one campaign may run in a process at a time, since it sets the handler of SIGUSR2.
[[nodiscard]] CampaignResult run_campaign(const Subject& subject, const CampaignSpec& spec);

// On their way from the process that ran the campaign, and for `--format json`. For nlohmann::json to
// find: `nlohmann::json(result)`, `json.get<CampaignResult>()`.
void to_json(nlohmann::json& json, const CampaignResult& result);
/// Throws an exception of the library, or of a value's conversion, if `json` is not of `to_json`.
void from_json(const nlohmann::json& json, CampaignResult& result);

}  // namespace lockbench::verify
