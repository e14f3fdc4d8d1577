#include "harness/plan/request_json.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "harness/errors.hpp"

namespace lockbench {

using nlohmann::json;

namespace {

json optional_s(const std::optional<double>& seconds) {
  return seconds ? json(*seconds) : json();
}

std::optional<double> optional_s(const json& value) {
  return value.is_null() ? std::nullopt : std::optional(value.get<double>());
}

}  // namespace

json to_json(const Request& request) {
  json placements = json::array();
  for (const auto pinning : request.pinnings) placements.push_back(to_string(pinning));
  return {{"strategies", request.strategies},
          {"workloads", request.workloads},
          {"threads", request.threads},
          {"producers", request.producers},
          {"consumers", request.consumers},
          {"read_ratios", request.read_ratios},
          {"priorities", request.priorities},
          {"prefills", request.prefills},
          {"payload_bytes", request.payload_bytes},
          {"pinnings", std::move(placements)},
          {"capacity", request.capacity},
          {"same_cpu_point", request.same_cpu_point},
          {"window_s", optional_s(request.window_s)},
          {"warm_up_s", optional_s(request.warm_up_s)},
          {"windows", request.windows},
          {"processes", request.processes},
          {"watchdog_s", request.watchdog_s},
          {"seed", request.seed}};
}

Request request_from_json(const json& object) {
  try {
    Request request;
    object.at("strategies").get_to(request.strategies);
    object.at("workloads").get_to(request.workloads);
    object.at("threads").get_to(request.threads);
    object.at("producers").get_to(request.producers);
    object.at("consumers").get_to(request.consumers);
    object.at("read_ratios").get_to(request.read_ratios);
    object.at("priorities").get_to(request.priorities);
    object.at("prefills").get_to(request.prefills);
    object.at("payload_bytes").get_to(request.payload_bytes);
    request.pinnings.clear();
    for (const auto& name : object.at("pinnings")) {
      request.pinnings.push_back(pinning_from_string(name.get<std::string>()));
    }
    object.at("capacity").get_to(request.capacity);
    object.at("same_cpu_point").get_to(request.same_cpu_point);
    request.window_s = optional_s(object.at("window_s"));
    request.warm_up_s = optional_s(object.at("warm_up_s"));
    object.at("windows").get_to(request.windows);
    object.at("processes").get_to(request.processes);
    object.at("watchdog_s").get_to(request.watchdog_s);
    object.at("seed").get_to(request.seed);
    return request;
  } catch (const nlohmann::json::exception& error) {
    throw failure(fmt::format("the request in context.json is damaged: {}", error.what()));
  }
}

}  // namespace lockbench
