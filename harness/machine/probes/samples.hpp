#pragma once

/// The few statistics that probes need of their own samples.

#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace lockbench {

/// Where samples lie and how far they spread; in the samples' unit.
struct Spread {
  double median = 0;
  double p05 = 0;
  double p95 = 0;
  std::size_t samples = 0;
};

/// Nearest rank: always a value that was seen. `samples` must not be empty.
[[nodiscard]] double quantile(std::vector<double> samples, double share);
/// `samples` must not be empty.
[[nodiscard]] Spread spread_of(std::vector<double> samples);
/// Standard deviation over mean; 0 for fewer than two samples.
[[nodiscard]] double coefficient_of_variation(const std::vector<double>& samples);

void to_json(nlohmann::json& json, const Spread& spread);

}  // namespace lockbench
