#include "harness/machine/probes/samples.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <nlohmann/json.hpp>

namespace lockbench {
namespace {

double ranked(const std::vector<double>& sorted, double share) {
  const double rank = std::ceil(share * static_cast<double>(sorted.size()));
  const auto index = static_cast<std::size_t>(std::max(rank, 1.0)) - 1;
  return sorted[std::min(index, sorted.size() - 1)];
}

}  // namespace

double quantile(std::vector<double> samples, double share) {
  std::ranges::sort(samples);
  return ranked(samples, share);
}

Spread spread_of(std::vector<double> samples) {
  std::ranges::sort(samples);
  return {ranked(samples, 0.5), ranked(samples, 0.05), ranked(samples, 0.95), samples.size()};
}

double coefficient_of_variation(const std::vector<double>& samples) {
  if (samples.size() < 2) return 0;
  const auto count = static_cast<double>(samples.size());
  const double mean = std::accumulate(samples.begin(), samples.end(), 0.0) / count;
  double squares = 0;
  for (const double sample : samples) squares += (sample - mean) * (sample - mean);
  return mean == 0 ? 0 : std::sqrt(squares / (count - 1)) / mean;
}

void to_json(nlohmann::json& json, const Spread& spread) {
  json = {{"median", spread.median},
          {"p05", spread.p05},
          {"p95", spread.p95},
          {"samples", spread.samples}};
}

}  // namespace lockbench
