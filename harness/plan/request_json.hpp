#pragma once

#include <nlohmann/json_fwd.hpp>

#include "harness/plan/request.hpp"

namespace lockbench {

/// Returns the request as a run's context keeps it, so that the run can be resumed.
[[nodiscard]] nlohmann::json to_json(const Request& request);
/// Reads what `to_json` wrote. Throws `Error` (failure) for anything else.
[[nodiscard]] Request request_from_json(const nlohmann::json& object);

}  // namespace lockbench
