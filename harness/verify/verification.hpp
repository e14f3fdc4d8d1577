#pragma once

/// One strategy under verification, in a process of its own.

#include <functional>
#include <optional>
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

/// Runs the campaign in a forked child, whose crash or hang is an outcome. `tick` is called a few
/// times a second. To be called while this process has one thread.
[[nodiscard]] Verification verify_subject(const verify::Subject& subject,
                                          const verify::CampaignSpec& spec,
                                          const std::function<void()>& tick);

/// What a verification comes to: `violated` where a check failed, and where the queue crashed or hung,
/// which no queue may; `inconclusive` where some check decided nothing.
[[nodiscard]] ExitCode exit_code_of(const Verification& verification);

/// A violation for a person: what is wrong, and the calls that show it on a time line. Ends with a
/// line end.
[[nodiscard]] std::string explain(const verify::Violation& violation);

}  // namespace lockbench
