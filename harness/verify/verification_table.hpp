#pragma once

/// What was verified, as text and as data. Pure.

#include <span>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "harness/verify/verification.hpp"

namespace lockbench {

struct VerifiedStrategy {
  StrategyTraits traits;
  Verification verification;
  std::string history;  ///< the file with the history of a violation; empty if there is none
};

/// A table with a row a strategy: how many histories each check accepted, what other threads did while
/// one was stopped, and the verdict. Below the table, what was left undecided and why. Ends with a line
/// end.
[[nodiscard]] std::string verification_table(std::span<const VerifiedStrategy> strategies);
/// The same without the counts of the checks.
[[nodiscard]] std::string verification_csv(std::span<const VerifiedStrategy> strategies);
/// All results of the campaigns, except the histories.
[[nodiscard]] nlohmann::json verification_json(std::span<const VerifiedStrategy> strategies);

/// The verdicts on a recorded history.
[[nodiscard]] std::string replay_text(const verify::RecordedHistory& recorded,
                                      std::span<const verify::CheckVerdict> verdicts);
[[nodiscard]] nlohmann::json replay_json(const verify::RecordedHistory& recorded,
                                         std::span<const verify::CheckVerdict> verdicts);

}  // namespace lockbench
