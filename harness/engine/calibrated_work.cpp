#include "harness/engine/calibrated_work.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace lockbench {
namespace {

std::uint32_t whole_steps(double steps) noexcept {
  return static_cast<std::uint32_t>(
      std::clamp(std::round(steps), 0.0, double{std::numeric_limits<std::uint32_t>::max()}));
}

/// Lengths of mean 1, in ascending order.
std::vector<double> draw_lengths(Jitter jitter, Random& random) {
  std::vector<double> lengths(stratified_draws);
  double stratum = 0;
  for (double& length : lengths) {
    length = jittered(jitter, (stratum++ + random.fraction()) / double{stratified_draws});
  }
  const double mean = std::accumulate(lengths.begin(), lengths.end(), 0.0) / stratified_draws;
  for (double& length : lengths) length /= mean;
  return lengths;
}

}  // namespace

void run_steps(std::uint64_t steps) noexcept {
  std::uint64_t value = steps;
  for (; steps != 0; --steps) {
    value ^= value >> 29U;
    value *= 0x9E3779B97F4A7C15U;  // 2^64 / golden ratio: odd, so nothing is ever lost
  }
#if defined(__x86_64__)
  asm volatile("lfence" : "+r"(value));
#elif defined(__aarch64__)
  asm volatile("isb" : "+r"(value));
#else
  asm volatile("" : "+r"(value));
#endif
}

std::vector<std::uint32_t> draw_step_counts(double amount_ns, Jitter jitter, const WorkRate& rate,
                                            Random& random) {
  if (amount_ns == 0) return {};
  const auto steps_in = [&](double work_ns) {
    return (work_ns - rate.call_ns) * rate.steps_per_ns;
  };
  if (jitter == Jitter::none) return {whole_steps(steps_in(amount_ns))};
  std::vector<std::uint32_t> counts;
  counts.reserve(stratified_draws);
  double owed = 0;  // what rounding has left out so far
  for (const double length : draw_lengths(jitter, random)) {
    owed += steps_in(length * amount_ns);
    counts.push_back(whole_steps(owed));
    owed -= counts.back();
  }
  return counts;
}

}  // namespace lockbench
