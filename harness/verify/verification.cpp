#include "harness/verify/verification.hpp"

#include <fmt/format.h>

#include <utility>

#include <nlohmann/json.hpp>

#include "harness/processes/child.hpp"
#include "harness/verify/history/timeline.hpp"
#include "harness/verify/rounds/campaign_json.hpp"

namespace lockbench {
namespace {

/// When the time is over, a round may be under way whose threads are stuck.
constexpr double grace_s = 60;

}  // namespace

Verification verify_subject(const verify::Subject& subject, const verify::CampaignSpec& spec,
                            const std::function<void()>& tick) {
  auto child =
      run_function([&] { return nlohmann::json(verify::run_campaign(subject, spec)).dump(); },
                   {.allowance_s = spec.seconds + grace_s, .tick = tick});
  Verification verification{.end = child.end, .what = std::move(child.what), .result = {}};
  if (child.end == ChildEnd::finished) {
    verification.result = nlohmann::json::parse(child.output).get<verify::CampaignResult>();
  }
  return verification;
}

ExitCode exit_code_of(const Verification& verification) {
  switch (verification.end) {
    case ChildEnd::crashed:
    case ChildEnd::hung: return ExitCode::violated;
    case ChildEnd::interrupted: return ExitCode::interrupted;
    case ChildEnd::finished: break;
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
    text += verify::draw_timeline(violation.recorded.history, violation.verdict.witnesses);
  }
  return text;
}

}  // namespace lockbench
