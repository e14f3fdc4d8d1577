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

Json to_json(const Request& request) {
  Json object;
  std::apply([&](const auto&... member) { ((object[member.first] = request.*member.second), ...); },
             recorded_members);
  for_each_parameter([&](const auto& parameter) {
    object[std::string(parameter.name)] = request.*parameter.list;
  });
  return object;
}

Request request_from_json(const Json& object) {
  try {
    Request request;
    std::apply(
        [&](const auto&... member) {
          (object.at(member.first).get_to(request.*member.second), ...);
        },
        recorded_members);
    for_each_parameter([&](const auto& parameter) {
      object.at(std::string(parameter.name)).get_to(request.*parameter.list);
    });
    return request;
  } catch (const std::exception& error) {
    throw failure(fmt::format("the request in context.json is damaged: {}", error.what()));
  }
}

}  // namespace lockbench
