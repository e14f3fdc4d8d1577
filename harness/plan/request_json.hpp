#pragma once

#include <nlohmann/json_fwd.hpp>

#include "harness/plan/request.hpp"

namespace lockbench {

/// How a run's context keeps what was asked for, so that it can be resumed.
[[nodiscard]] nlohmann::json to_json(const Request& request);
/// Throws `Error` (failure) when the value is not what `to_json` writes.
[[nodiscard]] Request request_from_json(const nlohmann::json& object);

}  // namespace lockbench
