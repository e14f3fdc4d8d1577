#include "harness/verify/rounds/campaign.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>
#include <utility>

#include <nlohmann/json.hpp>

#include "harness/base/exact_integer.hpp"
#include "harness/base/json_values.hpp"
#include "harness/verify/checks/checks.hpp"
#include "harness/verify/history/history.hpp"
#include "harness/verify/rounds/rounds.hpp"

namespace lockbench::verify {
namespace {

struct RoundKind {
  std::string_view name;
  RoundOutcome (*run)(const Subject&, const RoundSpec&);
  std::uint32_t weight;  ///< how often it is drawn, relative to the others
};
constexpr std::array round_kinds{
    RoundKind{.name = "contract", .run = contract_round, .weight = 10},
    RoundKind{.name = "shared", .run = shared_round, .weight = 8},
    RoundKind{.name = "order", .run = order_round, .weight = 6},
    RoundKind{.name = "waiting", .run = waiting_round, .weight = 8},
    RoundKind{.name = "stop", .run = stop_round, .weight = 2},
};

const RoundKind& draw_kind(Random& random) {
  std::uint32_t sum = 0;
  for (const auto& kind : round_kinds) sum += kind.weight;
  auto drawn = random.below(sum);
  for (const auto& kind : round_kinds) {
    if (drawn < kind.weight) return kind;
    drawn -= kind.weight;
  }
  return round_kinds.front();
}

void count(StopTally& tally, const StopOutcome& stop) {
  if (!stop.in_a_call || stop.others_starved) return;
  ++tally.stops;
  if (stop.calls_of_others == 0) ++tally.stalls;
  tally.stopped_s += stop.stopped_s;
  tally.calls_of_others += stop.calls_of_others;
}

void count(RankTally& tally, const RankError& error) {
  tally.takes += error.takes;
  tally.sum += error.mean * static_cast<double>(error.takes);
  tally.max = std::max(tally.max, error.max);
}

void count(std::map<Check, CheckTally>& tallies, const CheckVerdict& judged) {
  auto& tally = tallies[judged.check];
  if (judged.verdict.judgement == Judgement::linearizable) ++tally.linearizable;
  if (judged.verdict.judgement != Judgement::unknown) return;
  ++tally.unknown;
  tally.why_unknown = judged.verdict.reason;
}

/// The probability of at least `least` successes in `trials`, each of which has the probability `chance`
/// by itself (binomial tail). O(trials).
double at_least(std::uint64_t least, std::uint64_t trials, double chance) {
  const auto log_factorial = [](std::uint64_t n) {
    return std::lgamma(static_cast<double>(n) + 1);
  };
  double sum = 0;
  for (auto i = least; i <= trials; ++i) {
    sum += std::exp(log_factorial(trials) - log_factorial(i) - log_factorial(trials - i) +
                    static_cast<double>(i) * std::log(chance) +
                    static_cast<double>(trials - i) * std::log1p(-chance));
  }
  return sum;
}

}  // namespace

Verdict check_progress(const StopTally& stops, const StrategyTraits& traits) {
  constexpr std::uint64_t least_stops = 5;
  constexpr double stalls_of_the_machine = 0.05;
  constexpr double false_alarms = 1e-6;
  if (traits.progress == Progress::blocking) return {};
  if (stops.stops < least_stops) {
    return undecided("too few threads were stopped inside a call");
  }
  if (at_least(stops.stalls, stops.stops, stalls_of_the_machine) >= false_alarms) return {};
  return violation(
      fmt::format(
          "in {} of {} stops of a thread inside a call nobody else finished one, though the "
          "strategy claims that delays of one thread do not hold up the others",
          stops.stalls, stops.stops),
      {});
}

CampaignResult run_campaign(const Subject& subject, const CampaignSpec& spec) {
  CampaignResult result;
  Random random(spec.seed);
  const Pulse pulse;
  const auto start = Clock::now();
  const auto passed_s = [&] { return std::chrono::duration<double>(Clock::now() - start).count(); };
  const auto note = [&](const CheckVerdict& judged, std::string_view round,
                        const RecordedHistory& recorded) {
    count(result.checks, judged);
    if (judged.verdict.judgement != Judgement::violated) return;
    result.violation = Violation{.check = judged.check,
                                 .round = std::string(round),
                                 .verdict = judged.verdict,
                                 .recorded = recorded,
                                 .found_after_s = passed_s()};
    result.violation->recorded.header.check = to_string(judged.check);
  };
  while (result.seconds < spec.seconds && !result.violation && !result.stuck) {
    const auto& kind = draw_kind(random);
    const auto threads =
        spec.threads.at(random.below(static_cast<std::uint32_t>(spec.threads.size())));
    auto round = kind.run(
        subject, {.threads = threads, .seed = recordable_seed(random.next()), .pulse = &pulse});
    ++result.rounds;
    result.operations += round.history.size();
    result.stuck = round.stuck;
    if (subject.traits.ordering == Ordering::relaxed && round.distinct) {
      count(result.rank_error, rank_error(round.history));
    }
    const bool stopped = round.stop.has_value();
    if (stopped) count(result.stops, *round.stop);
    const RecordedHistory recorded{.header = static_cast<const HistoryHeader&>(round),
                                   .history = std::move(round.history)};
    for (const auto& judged : decide(recorded)) note(judged, kind.name, recorded);
    if (stopped && !result.violation) {
      const auto progress = check_progress(result.stops, subject.traits);
      if (progress.judgement == Judgement::violated)
        note({Check::progress, progress}, kind.name, {});
    }
    result.seconds = passed_s();
  }
  if (!result.violation && subject.traits.progress != Progress::blocking) {
    note({Check::progress, check_progress(result.stops, subject.traits)}, "stop", {});
  }
  return result;
}

// --- as JSON --------------------------------------------------------------------------------------

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(CheckTally, linearizable, unknown, why_unknown)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(StopTally, stops, stalls, stopped_s, calls_of_others)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(RankTally, takes, sum, max)

static void to_json(nlohmann::json& json, const Violation& violation) {
  std::ostringstream lines;
  if (!violation.recorded.history.empty()) write_history(lines, violation.recorded);
  json = {{"check", violation.check},
          {"round", violation.round},
          {"reason", violation.verdict.reason},
          {"witnesses", violation.verdict.witnesses},
          {"found_after_s", violation.found_after_s},
          {"history", std::move(lines).str()}};
}

static void from_json(const nlohmann::json& json, Violation& violation) {
  json.at("check").get_to(violation.check);
  json.at("round").get_to(violation.round);
  violation.verdict.judgement = Judgement::violated;
  json.at("reason").get_to(violation.verdict.reason);
  json.at("witnesses").get_to(violation.verdict.witnesses);
  json.at("found_after_s").get_to(violation.found_after_s);
  if (std::istringstream lines{json.at("history").get<std::string>()}; lines.peek() != EOF) {
    violation.recorded = read_history(lines, "the history of a violation");
  }
}

void to_json(nlohmann::json& json, const CampaignResult& result) {
  json = {{"seconds", result.seconds},       {"rounds", result.rounds},
          {"operations", result.operations}, {"checks", nlohmann::json::object()},
          {"stops", result.stops},           {"rank_error", result.rank_error},
          {"violation", result.violation}};
  for (const auto& [check, tally] : result.checks) {
    json["checks"][std::string(to_string(check))] = tally;
  }
}

void from_json(const nlohmann::json& json, CampaignResult& result) {
  json.at("seconds").get_to(result.seconds);
  json.at("rounds").get_to(result.rounds);
  json.at("operations").get_to(result.operations);
  for (const auto& [name, tally] : json.at("checks").items()) {
    result.checks[from_string<Check>(name).value()] = tally.get<CheckTally>();
  }
  json.at("stops").get_to(result.stops);
  json.at("rank_error").get_to(result.rank_error);
  json.at("violation").get_to(result.violation);
}

}  // namespace lockbench::verify
