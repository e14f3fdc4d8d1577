#include "harness/plan/request_json.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "harness/base/errors.hpp"
#include "harness/base/field_text.hpp"

namespace lockbench {

using Json = nlohmann::json;

namespace {

Json optional_number(const std::optional<double>& number) {
  return number ? Json(*number) : Json();
}

std::optional<double> optional_number(const Json& value) {
  return value.is_null() ? std::nullopt : std::optional(value.get<double>());
}

template <class Word>
Json names_of(const std::vector<Word>& words) {
  Json names = Json::array();
  for (const auto& word : words) names.push_back(to_string(word));
  return names;
}

template <class Word>
void read_name(const Json& name, Word& word) {
  const auto text = name.get<std::string>();
  if (!field::read(text, word)) {
    throw failure(fmt::format("the request in context.json is damaged: unknown name '{}'", text));
  }
}

template <class Word>
void read_names(const Json& names, std::vector<Word>& words) {
  words.clear();
  for (const auto& name : names) read_name(name, words.emplace_back());
}

Json to_json(const std::optional<ServiceLevel>& slo) {
  return slo ? Json{{"quantile", slo->quantile}, {"limit_ns", slo->limit_ns}} : Json();
}

std::optional<ServiceLevel> slo_from_json(const Json& value) {
  if (value.is_null()) return std::nullopt;
  return ServiceLevel{value.at("quantile").get<std::string>(), value.at("limit_ns").get<double>()};
}

}  // namespace

Json to_json(const Request& request) {
  return {{"strategies", request.strategies},
          {"workloads", request.workloads},
          {"threads", request.threads},
          {"producers", request.producers},
          {"consumers", request.consumers},
          {"read_ratios", request.read_ratios},
          {"priorities", request.priorities},
          {"prefills", request.prefills},
          {"payload_bytes", request.payload_bytes},
          {"pinnings", names_of(request.pinnings)},
          {"capacity", request.capacity},
          {"critical_sections_ns", request.critical_sections_ns},
          {"critical_section_jitter", to_string(request.critical_section_jitter)},
          {"thinks_ns", request.thinks_ns},
          {"think_jitter", to_string(request.think_jitter)},
          {"works_ns", request.works_ns},
          {"work_jitter", to_string(request.work_jitter)},
          {"priority_orders", names_of(request.priority_orders)},
          {"bursts", request.bursts},
          {"cancel_ratios", request.cancel_ratios},
          {"loads", request.loads},
          {"arrivals", names_of(request.arrivals)},
          {"sample_every", request.sample_every},
          {"per_thread", request.per_thread},
          {"slo", to_json(request.slo)},
          {"same_cpu_point", request.same_cpu_point},
          {"window_s", optional_number(request.window_s)},
          {"warm_up_s", optional_number(request.warm_up_s)},
          {"windows", request.windows},
          {"processes", request.processes},
          {"precision", optional_number(request.precision)},
          {"budget_s", optional_number(request.budget_s)},
          {"watchdog_s", request.watchdog_s},
          {"seed", request.seed}};
}

Request request_from_json(const Json& object) {
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
    object.at("critical_sections_ns").get_to(request.critical_sections_ns);
    read_name(object.at("critical_section_jitter"), request.critical_section_jitter);
    object.at("thinks_ns").get_to(request.thinks_ns);
    read_name(object.at("think_jitter"), request.think_jitter);
    object.at("works_ns").get_to(request.works_ns);
    read_name(object.at("work_jitter"), request.work_jitter);
    read_names(object.at("priority_orders"), request.priority_orders);
    object.at("bursts").get_to(request.bursts);
    object.at("cancel_ratios").get_to(request.cancel_ratios);
    object.at("loads").get_to(request.loads);
    read_names(object.at("arrivals"), request.arrivals);
    object.at("sample_every").get_to(request.sample_every);
    object.at("per_thread").get_to(request.per_thread);
    request.slo = slo_from_json(object.at("slo"));
    object.at("same_cpu_point").get_to(request.same_cpu_point);
    request.window_s = optional_number(object.at("window_s"));
    request.warm_up_s = optional_number(object.at("warm_up_s"));
    object.at("windows").get_to(request.windows);
    object.at("processes").get_to(request.processes);
    request.precision = optional_number(object.at("precision"));
    request.budget_s = optional_number(object.at("budget_s"));
    object.at("watchdog_s").get_to(request.watchdog_s);
    object.at("seed").get_to(request.seed);
    return request;
  } catch (const nlohmann::json::exception& error) {
    throw failure(fmt::format("the request in context.json is damaged: {}", error.what()));
  }
}

}  // namespace lockbench
