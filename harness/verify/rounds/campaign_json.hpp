#pragma once

/// Results of a campaign on their way from the process that ran it, and for `--format json`.

#include <nlohmann/json_fwd.hpp>

#include "harness/verify/rounds/campaign.hpp"

namespace lockbench::verify {

[[nodiscard]] nlohmann::json to_json(const CampaignResult& result);
/// Inverse of `to_json`. Throws `nlohmann::json::exception` on anything else.
[[nodiscard]] CampaignResult campaign_from_json(const nlohmann::json& json);

}  // namespace lockbench::verify
