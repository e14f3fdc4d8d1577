#pragma once

/// What was verified, as text and as data.

#include <span>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "harness/cli/command_line.hpp"
#include "harness/verify/history/history_json.hpp"
#include "harness/verify/verification.hpp"

namespace lockbench {

struct VerifiedStrategy {
  StrategyTraits traits;
  Verification verification;
  std::string history;  ///< file that the history of a violation was written to; empty: none
};

/// A row a strategy: how many histories each check found right, what became of others while a thread
/// was stopped, and the verdict. Below the table, what was left undecided and why. Ends with a line
/// end. `json` has all of it; `csv` the counts of the row but those of the checks.
[[nodiscard]] std::string verification_table(std::span<const VerifiedStrategy> strategies,
                                             Format format);

/// What was decided of a recorded history.
[[nodiscard]] std::string replay_text(const verify::RecordedHistory& recorded,
                                      std::span<const verify::Judged> verdicts);
[[nodiscard]] nlohmann::json replay_json(const verify::RecordedHistory& recorded,
                                         std::span<const verify::Judged> verdicts);

}  // namespace lockbench
