#pragma once

/// Results of a campaign on their way from the process that ran it, and for `--format json`.

#include <nlohmann/json_fwd.hpp>

#include "harness/verify/rounds/campaign.hpp"

namespace lockbench::verify {

// For nlohmann::json to find: `nlohmann::json(result)`, `json.get<CampaignResult>()`.
void to_json(nlohmann::json& json, const CampaignResult& result);
/// Throws an exception of the library, or of a value's conversion, if `json` is not of `to_json`.
void from_json(const nlohmann::json& json, CampaignResult& result);

}  // namespace lockbench::verify
