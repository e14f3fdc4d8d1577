#include "harness/plan/sampling.hpp"

#include <algorithm>
#include <type_traits>

#include "harness/base/parameter_list.hpp"
#include "harness/metrics/latency_histogram.hpp"

namespace lockbench {
namespace {

/// An operation of a fast strategy takes about as long. Timing it, with two clock readings, takes about
/// twice as long, so 1 in 256 costs about 1 %, and 1 in 64 about 4 %.
constexpr double short_operation_ns = 25;
/// Operations of a slow strategy come about as far apart.
constexpr double slow_operation_ns = 500;
constexpr double most_more = 4;

/// The work and the pauses that the point asks for. How many operations share one depends on the
/// workload; that each has one of its own is the least favourable for their number.
double asked_ns(const CaseParameters& point) noexcept {
  double sum = 0;
  for_each_parameter([&](const auto& parameter) {
    using Value = std::remove_cvref_t<decltype(point.*parameter.field)>;
    if constexpr (std::is_same_v<Value, std::uint32_t>) {
      if (parameter.unit == "ns") sum += point.*parameter.field;
    }
  });
  return sum;
}

}  // namespace

std::uint32_t sample_every_for(const CaseParameters& point, double sampled_s) noexcept {
  const double asked = asked_ns(point);
  const double cheap = usual_sample_every * short_operation_ns / (short_operation_ns + asked);
  const double operations = 1e9 * sampled_s / (slow_operation_ns + asked);
  const double needed = operations / static_cast<double>(fewest_samples_of_p99);
  const double chosen = std::clamp(needed, cheap / most_more, cheap);
  return static_cast<std::uint32_t>(std::max(1.0, chosen));
}

}  // namespace lockbench
