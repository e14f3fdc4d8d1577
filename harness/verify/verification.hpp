#pragma once

/// Verifies one strategy in a process of its own.

#include <functional>
#include <span>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "harness/base/errors.hpp"
#include "harness/processes/child.hpp"
#include "harness/verify/rounds/campaign.hpp"

namespace lockbench {

struct Verification {
  ChildEnd end = ChildEnd::finished;
  std::string what;               ///< how it ended, unless it finished
  verify::CampaignResult result;  ///< empty unless it finished
};

/// Runs the campaign in a forked child; its crash or hang is an outcome. Calls `tick` a few times a
/// second. Call it only while this process has one thread.
[[nodiscard]] Verification verify_subject(const verify::Subject& subject,
                                          const verify::CampaignSpec& spec,
                                          const std::function<void()>& tick);

/// Returns `violated` if a check failed, or if the queue crashed or hung, which no queue may;
/// `inconclusive` if some check decided nothing.
[[nodiscard]] ExitCode exit_code_of(const Verification& verification);

/// Explains a violation to a person: what is wrong, and a time line of the calls that show it. Ends with
/// a line end.
[[nodiscard]] std::string explain(const verify::Violation& violation);

// --- what was verified, as text and as data; pure --------------------------------------------------

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
