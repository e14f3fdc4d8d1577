#include "harness/verify/rounds/campaign_json.hpp"

#include <sstream>

#include <nlohmann/json.hpp>

#include "harness/base/json_values.hpp"
#include "harness/verify/history/history.hpp"

namespace lockbench::verify {

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
