#include "harness/verify/verification.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "harness/processes/forked_child.hpp"
#include "harness/verify/history/timeline.hpp"
#include "harness/verify/rounds/campaign_json.hpp"

namespace lockbench {
namespace {

/// A round may be under way when the time is over, and its threads stuck.
constexpr double grace_s = 60;

}  // namespace

Verification verify_subject(const verify::Subject& subject, const verify::CampaignSpec& spec,
                            const std::function<void()>& tick) {
  const auto fork =
      run_forked([&] { return verify::to_json(verify::run_campaign(subject, spec)).dump(); },
                 spec.seconds + grace_s, tick);
  switch (fork.end) {
    case ForkEnd::finished: break;
    case ForkEnd::crashed:
      return {.end = VerificationEnd::crashed, .what = fork.what, .result = {}};
    case ForkEnd::hung: return {.end = VerificationEnd::hung, .what = fork.what, .result = {}};
    case ForkEnd::interrupted:
      return {.end = VerificationEnd::interrupted, .what = {}, .result = {}};
  }
  return {.what = {}, .result = verify::campaign_from_json(nlohmann::json::parse(fork.output))};
}

ExitCode exit_code_of(const Verification& verification) {
  switch (verification.end) {
    case VerificationEnd::crashed:
    case VerificationEnd::hung: return ExitCode::violated;
    case VerificationEnd::interrupted: return ExitCode::interrupted;
    case VerificationEnd::decided: break;
  }
  const auto& result = verification.result;
  if (result.violation) return ExitCode::violated;
  for (const auto& [check, tally] : result.checks) {
    if (tally.linearizable == 0 && tally.unknown > 0) return ExitCode::inconclusive;
  }
  return ExitCode::ok;
}

std::string explain(const verify::Violation& violation) {
  auto text = fmt::format("violated: {}\n", violation.verdict.reason);
  if (!violation.verdict.witnesses.empty()) {
    text += verify::draw_timeline(violation.recorded.history, violation.verdict);
  }
  return text;
}

}  // namespace lockbench
