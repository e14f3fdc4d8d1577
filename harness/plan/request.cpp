#include "harness/plan/request.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "harness/base/errors.hpp"
#include "harness/base/json_values.hpp"

namespace lockbench {

using Json = nlohmann::json;

void to_json(Json& object, const Pinning& pinning) {
  object = to_string(pinning);
}
void from_json(const Json& object, Pinning& pinning) {
  pinning = pinning_from_string(object.get<std::string>());
}

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ServiceLevel, quantile, limit_ns)
/// All but the parameters, which follow their table.
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Request, strategies, sample_every, per_thread, slo,
                                   same_cpu_point, window_s, warm_up_s, windows, processes,
                                   precision, budget_s, watchdog_s, seed)

Json to_json(const Request& request) {
  Json object = request;
  for_each_parameter([&](const auto& parameter) {
    object[std::string(parameter.name)] = request.*parameter.list;
  });
  return object;
}

Request request_from_json(const Json& object) {
  try {
    Request request = object.get<Request>();
    for_each_parameter([&](const auto& parameter) {
      object.at(std::string(parameter.name)).get_to(request.*parameter.list);
    });
    return request;
  } catch (const std::exception& error) {
    throw failure(fmt::format("the request in context.json is damaged: {}", error.what()));
  }
}

}  // namespace lockbench
