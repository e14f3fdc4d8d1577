#pragma once

/// The message of a pitfall's child to its parent.

#include <nlohmann/json.hpp>

#include "harness/base/json_values.hpp"
#include "harness/pitfalls/pitfalls.hpp"

namespace lockbench {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Reading, key, label, unit, wrong, right)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Shown, shown, no_dose_helps, readings, happened)

}  // namespace lockbench
