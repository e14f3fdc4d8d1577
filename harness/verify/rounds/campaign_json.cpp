#include "harness/verify/rounds/campaign_json.hpp"

#include <sstream>

#include <nlohmann/json.hpp>

#include "harness/verify/history/history_json.hpp"

namespace lockbench::verify {
namespace {

Check check_named(std::string_view name) {
  for (const auto check : checks) {
    if (to_string(check) == name) return check;
  }
  return Check::conservation;
}

nlohmann::json to_json(const Violation& violation) {
  std::ostringstream lines;
  if (!violation.recorded.history.empty()) write_history(lines, violation.recorded);
  return {{"check", to_string(violation.check)},      {"round", violation.round},
          {"reason", violation.verdict.reason},       {"witnesses", violation.verdict.witnesses},
          {"found_after_s", violation.found_after_s}, {"history", std::move(lines).str()}};
}

Violation violation_from_json(const nlohmann::json& json) {
  Violation violation;
  violation.check = check_named(json.at("check").get<std::string>());
  json.at("round").get_to(violation.round);
  violation.verdict.judgement = Judgement::violated;
  json.at("reason").get_to(violation.verdict.reason);
  json.at("witnesses").get_to(violation.verdict.witnesses);
  json.at("found_after_s").get_to(violation.found_after_s);
  if (std::istringstream lines{json.at("history").get<std::string>()}; lines.peek() != EOF) {
    violation.recorded = read_history(lines, "the history of a violation");
  }
  return violation;
}

}  // namespace

nlohmann::json to_json(const CampaignResult& result) {
  nlohmann::json decided = nlohmann::json::object();
  for (const auto& [check, tally] : result.checks) {
    decided[std::string(to_string(check))] = {{"linearizable", tally.linearizable},
                                              {"unknown", tally.unknown},
                                              {"why_unknown", tally.why_unknown}};
  }
  nlohmann::json json{
      {"seconds", result.seconds},
      {"rounds", result.rounds},
      {"operations", result.operations},
      {"checks", decided},
      {"stops",
       {{"stops", result.stops.stops},
        {"stalls", result.stops.stalls},
        {"stopped_s", result.stops.stopped_s},
        {"calls_of_others", result.stops.calls_of_others}}},
      {"rank_error",
       {{"takes", result.ranks.takes}, {"sum", result.ranks.sum}, {"max", result.ranks.max}}},
      {"violation", nullptr}};
  if (result.violation) json["violation"] = to_json(*result.violation);
  return json;
}

CampaignResult campaign_from_json(const nlohmann::json& json) {
  CampaignResult result;
  json.at("seconds").get_to(result.seconds);
  json.at("rounds").get_to(result.rounds);
  json.at("operations").get_to(result.operations);
  for (const auto& [name, tally] : json.at("checks").items()) {
    auto& read = result.checks[check_named(name)];
    tally.at("linearizable").get_to(read.linearizable);
    tally.at("unknown").get_to(read.unknown);
    tally.at("why_unknown").get_to(read.why_unknown);
  }
  const auto& stops = json.at("stops");
  stops.at("stops").get_to(result.stops.stops);
  stops.at("stalls").get_to(result.stops.stalls);
  stops.at("stopped_s").get_to(result.stops.stopped_s);
  stops.at("calls_of_others").get_to(result.stops.calls_of_others);
  const auto& ranks = json.at("rank_error");
  ranks.at("takes").get_to(result.ranks.takes);
  ranks.at("sum").get_to(result.ranks.sum);
  ranks.at("max").get_to(result.ranks.max);
  if (!json.at("violation").is_null()) {
    result.violation = violation_from_json(json.at("violation"));
  }
  return result;
}

}  // namespace lockbench::verify
