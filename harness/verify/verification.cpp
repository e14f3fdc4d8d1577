#include "harness/verify/verification.hpp"

#include <fmt/format.h>

#include <utility>

#include <nlohmann/json.hpp>

#include "harness/base/json_text.hpp"
#include "harness/base/text/table.hpp"
#include "harness/base/trait_names.hpp"
#include "harness/processes/child.hpp"
#include "harness/results/csv.hpp"
#include "harness/verify/history/history.hpp"
#include "harness/verify/rounds/campaign.hpp"

namespace lockbench {
namespace {

/// When the time is over, a round may be under way whose threads are stuck.
constexpr double grace_s = 60;

using verify::Check;
using verify::checks;

std::string verdict_of(const Verification& verification) {
  switch (verification.end) {
    case ChildEnd::crashed: return "crashed: " + verification.what;
    case ChildEnd::hung: return "hung: " + verification.what;
    case ChildEnd::out_of_memory: return "out of memory: " + verification.what;
    case ChildEnd::interrupted: return "interrupted";
    case ChildEnd::finished: break;
  }
  switch (exit_code_of(verification)) {
    case ExitCode::violated: return "violated";
    case ExitCode::inconclusive: return "undecided";
    default: return "as claimed";
  }
}

std::string tally_text(const verify::CampaignResult& result, Check check) {
  if (check == Check::order && result.rank_error.takes > 0) {
    return fmt::format("rank error {:.2g}, at most {}",
                       result.rank_error.sum / static_cast<double>(result.rank_error.takes),
                       result.rank_error.max);
  }
  if (result.violation && result.violation->check == check) return "violated";
  const auto found = result.checks.find(check);
  if (found == result.checks.end()) return "";
  return fmt::format("{}", found->second.linearizable);
}

/// What the other threads did while one was stopped in a call.
std::string stop_text(const verify::StopTally& stops) {
  if (stops.stops == 0) return "";
  if (stops.stalls == stops.stops) return fmt::format("wait {}/{}", stops.stalls, stops.stops);
  return fmt::format("go on {}/{}", stops.stops - stops.stalls, stops.stops);
}

std::vector<std::string> headers() {
  std::vector<std::string> names{"strategy", "calls"};
  for (const auto check : checks) {
    if (check != Check::progress) names.emplace_back(to_string(check));
  }
  names.insert(names.end(), {"at a stop", "verdict"});
  return names;
}

std::vector<std::string> cells(const VerifiedStrategy& strategy) {
  const auto& result = strategy.verification.result;
  std::vector<std::string> row{std::string(strategy.traits.name),
                               fmt::format("{}", result.operations)};
  for (const auto check : checks) {
    if (check != Check::progress) row.push_back(tally_text(result, check));
  }
  row.insert(row.end(), {stop_text(result.stops), verdict_of(strategy.verification)});
  return row;
}

/// What the cells have no room for: a line for each undecided check, and one that explains a heading.
std::string notes(std::span<const VerifiedStrategy> strategies) {
  std::string text;
  bool stopped = false;
  for (const auto& [traits, verification, history] : strategies) {
    stopped = stopped || verification.result.stops.stops > 0;
    for (const auto& [check, tally] : verification.result.checks) {
      if (tally.unknown == 0) continue;
      text += fmt::format("{}: {} left {} of {} histories undecided: {}\n", traits.name,
                          to_string(check), tally.unknown, tally.unknown + tally.linearizable,
                          tally.why_unknown);
    }
  }
  if (stopped) text += "at a stop: what the other threads do while one is stopped inside a call\n";
  return text;
}

}  // namespace

Verification verify_subject(const verify::Subject& subject, const verify::CampaignSpec& spec,
                            const std::function<void()>& tick) {
  auto child =
      run_function([&] { return json_line(nlohmann::json(verify::run_campaign(subject, spec))); },
                   {.allowance_s = spec.seconds + grace_s, .tick = tick});
  Verification verification{.end = child.end, .what = std::move(child.what), .result = {}};
  if (child.end == ChildEnd::finished) {
    verification.result = parse_json(child.output).get<verify::CampaignResult>();
  }
  return verification;
}

ExitCode exit_code_of(const Verification& verification) {
  switch (verification.end) {
    case ChildEnd::crashed:
    case ChildEnd::hung: return ExitCode::violated;
    case ChildEnd::out_of_memory: return ExitCode::inconclusive;
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

std::string verification_table(std::span<const VerifiedStrategy> strategies) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& strategy : strategies) rows.push_back(cells(strategy));
  const auto names = headers();
  std::vector<Align> alignments{Align::left};  // strategy
  alignments.resize(names.size() - 2, Align::right);
  alignments.resize(names.size(), Align::left);  // at a stop, verdict
  return render_table(names, rows, alignments) + notes(strategies);
}

std::string verification_csv(std::span<const VerifiedStrategy> strategies) {
  std::string text =
      "strategy,ordering,progress,rounds,calls,seconds,stops,stalls,verdict,check,found_after_s,"
      "history\n";
  for (const auto& [traits, verification, history] : strategies) {
    const auto& result = verification.result;
    text += fmt::format(
        "{},{},{},{},{},{:.3f},{},{},{},{},{},{}\n", traits.name, to_string(traits.ordering),
        to_string(traits.progress), result.rounds, result.operations, result.seconds,
        result.stops.stops, result.stops.stalls, csv::quoted(verdict_of(verification)),
        result.violation ? to_string(result.violation->check) : "",
        result.violation ? fmt::format("{:.3f}", result.violation->found_after_s) : "",
        csv::quoted(history));
  }
  return text;
}

nlohmann::json verification_json(std::span<const VerifiedStrategy> strategies) {
  auto all = nlohmann::json::array();
  for (const auto& [traits, verification, history] : strategies) {
    nlohmann::json json = verification.result;
    if (!json["violation"].is_null()) json["violation"].erase("history");
    json["strategy"] = traits.name;
    json["ordering"] = to_string(traits.ordering);
    json["progress"] = to_string(traits.progress);
    json["verdict"] = verdict_of(verification);
    json["history"] = history;
    all.push_back(std::move(json));
  }
  return all;
}

std::string replay_text(const verify::RecordedHistory& recorded,
                        std::span<const verify::CheckVerdict> verdicts) {
  auto text = fmt::format("{}: {} calls\n", recorded.header.strategy, recorded.history.size());
  for (const auto& [check, verdict] : verdicts) {
    text += fmt::format("  {:<14}{}", to_string(check), to_string(verdict.judgement));
    if (!verdict.reason.empty()) text += ": " + verdict.reason;
    text += '\n';
    if (verdict.judgement == verify::Judgement::violated && !verdict.witnesses.empty()) {
      text += verify::draw_timeline(recorded.history, verdict.witnesses);
    }
  }
  return text;
}

nlohmann::json replay_json(const verify::RecordedHistory& recorded,
                           std::span<const verify::CheckVerdict> verdicts) {
  auto decided = nlohmann::json::array();
  for (const auto& [check, verdict] : verdicts) {
    decided.push_back({{"check", to_string(check)},
                       {"judgement", to_string(verdict.judgement)},
                       {"reason", verdict.reason},
                       {"witnesses", verdict.witnesses}});
  }
  return {{"strategy", recorded.header.strategy},
          {"calls", recorded.history.size()},
          {"checks", decided}};
}

}  // namespace lockbench
