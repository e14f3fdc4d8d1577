#include "harness/machine/probes/samples.hpp"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

namespace lockbench {

Spread spread_of(std::vector<double> samples) {
  std::ranges::sort(samples);
  const auto ranked = [&](double share) {
    const double rank = std::ceil(share * static_cast<double>(samples.size()));
    return samples[static_cast<std::size_t>(rank) - 1];
  };
  return {ranked(0.5), ranked(0.05), ranked(0.95), samples.size()};
}

void to_json(nlohmann::json& json, const Spread& spread) {
  json = {{"median", spread.median},
          {"p05", spread.p05},
          {"p95", spread.p95},
          {"samples", spread.samples}};
}

}  // namespace lockbench
