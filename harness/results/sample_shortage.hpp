#pragma once

/// Which cases lack a quantile for want of samples, and what to change so that they have it. Pure.

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "harness/plan/request.hpp"
#include "harness/results/summary.hpp"

namespace lockbench {

struct SampleShortage {
  std::uint64_t cases = 0;
  std::string worst_case;     ///< that needs the greatest change
  std::string quantile;       ///< that it lacks: `p99`
  std::uint64_t samples = 0;  ///< that it has
  std::uint64_t needed = 0;
  std::string remedy;  ///< options with values that would do: `--sample 12`
};

/// Empty where every case has the p99 of what was timed in it: of calls, of tasks in an open loop, of
/// hand-overs; in an open loop also the quantile of the service level, if one was asked for.
[[nodiscard]] std::optional<SampleShortage> sample_shortage(
    std::span<const SummaryRow> summary, const std::optional<ServiceLevel>& level = {});

/// One sentence without its line end.
[[nodiscard]] std::string shortage_text(const SampleShortage& shortage);

void to_json(nlohmann::json& object, const SampleShortage& shortage);

}  // namespace lockbench
