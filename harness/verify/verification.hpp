#pragma once

/// Verifies one strategy in a process of its own.

#include <functional>
#include <string>

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

}  // namespace lockbench
