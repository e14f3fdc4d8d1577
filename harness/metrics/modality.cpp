#include "harness/metrics/modality.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <random>
#include <vector>

namespace lockbench {
namespace {

/// The empirical distribution at one of its values: the shares below it and up to it.
struct Step {
  double x = 0;
  double below = 0;
  double upto = 0;
};

std::vector<Step> steps_of(std::span<const double> values) {
  std::vector<double> ascending(values.begin(), values.end());
  std::sort(ascending.begin(), ascending.end());
  const auto count = static_cast<double>(ascending.size());
  std::vector<Step> steps;
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    const auto place = static_cast<double>(i);
    if (steps.empty() || steps.back().x < ascending[i]) {
      steps.push_back({.x = ascending[i], .below = place / count});
    }
    steps.back().upto = (place + 1) / count;
  }
  return steps;
}

/// A piecewise linear function on the steps `first` to `last`, and where it bends.
struct Envelope {
  std::vector<std::size_t> knots;  ///< steps that it touches, ascending, both ends among them
  std::vector<double> heights;     ///< at every step from `first` on
};

/// The greatest convex function below the points (x, `height` * sign), sign = 1, or the least
/// concave one above them, sign = -1, from step `first` to step `last`: their hull by monotone
/// chain. O(last - first).
Envelope envelope(const std::vector<Step>& steps, std::size_t first, std::size_t last,
                  double Step::*height, double sign) {
  Envelope hull;
  const auto slope = [&](std::size_t from, std::size_t to) {
    return sign * (steps[to].*height - steps[from].*height) / (steps[to].x - steps[from].x);
  };
  auto& knots = hull.knots;
  for (std::size_t i = first; i <= last; ++i) {
    while (knots.size() > 1 &&
           slope(knots[knots.size() - 2], knots.back()) >= slope(knots.back(), i)) {
      knots.pop_back();
    }
    knots.push_back(i);
  }
  hull.heights.push_back(steps[first].*height);
  for (std::size_t k = 1; k < knots.size(); ++k) {
    const double rise = sign * slope(knots[k - 1], knots[k]);
    for (std::size_t i = knots[k - 1] + 1; i <= knots[k]; ++i) {
      hull.heights.push_back(steps[knots[k]].*height + rise * (steps[i].x - steps[knots[k]].x));
    }
  }
  return hull;
}

/// Where the mode may still lie: between two steps.
struct ModalInterval {
  std::size_t first = 0;
  std::size_t last = 0;
  bool operator==(const ModalInterval&) const = default;
};

/// One narrowing of the modal interval, and what it tells.
struct Narrowing {
  ModalInterval interval;
  double gap = 0;      ///< the widest between minorant and majorant
  double outside = 0;  ///< the furthest that data strays from the envelopes left of and right of it
};

/// The envelopes are furthest apart at a knot of one of them. There the unimodal distribution
/// crosses over, so the new interval lies between that knot and the other envelope's next one.
Narrowing narrowed(const std::vector<Step>& steps, const ModalInterval& old) {
  const auto minorant = envelope(steps, old.first, old.last, &Step::below, 1);
  const auto majorant = envelope(steps, old.first, old.last, &Step::upto, -1);
  const auto gap_at = [&](std::size_t i) {
    return majorant.heights[i - old.first] - minorant.heights[i - old.first];
  };
  const auto by_gap = [&](std::size_t one, std::size_t other) {
    return gap_at(one) < gap_at(other);
  };
  const auto lower = *std::ranges::max_element(minorant.knots, by_gap);
  const auto upper = *std::ranges::max_element(majorant.knots, by_gap);
  Narrowing result;
  if (gap_at(lower) > gap_at(upper)) {
    result.gap = gap_at(lower);
    result.interval = {lower, *std::ranges::lower_bound(majorant.knots, lower)};
  } else {
    result.gap = gap_at(upper);
    result.interval = {*(std::ranges::upper_bound(minorant.knots, upper) - 1), upper};
  }
  for (std::size_t i = old.first; i < result.interval.first; ++i) {
    result.outside = std::max(result.outside, steps[i].upto - minorant.heights[i - old.first]);
  }
  for (std::size_t i = result.interval.last + 1; i <= old.last; ++i) {
    result.outside = std::max(result.outside, majorant.heights[i - old.first] - steps[i].below);
  }
  return result;
}

constexpr std::size_t largest_simulated = 400;
constexpr std::size_t simulations = 2000;
constexpr std::size_t beyond_quantile = simulations / 100;

double simulated_quantile(std::size_t n) {
  std::mt19937_64 random(n);
  // Sums of exponential steps lie as ordered uniform values do, up to the scale, which is nothing to the dip.
  std::exponential_distribution<double> step;
  std::vector<double> sample(n);
  std::vector<double> dips(simulations);
  for (auto& dip : dips) {
    double sum = 0;
    for (auto& value : sample) value = sum += step(random);
    dip = dip_statistic(sample);
  }
  const auto quantile = dips.end() - static_cast<std::ptrdiff_t>(beyond_quantile) - 1;
  std::nth_element(dips.begin(), quantile, dips.end());
  return *quantile;
}

}  // namespace

double dip_statistic(std::span<const double> values) {
  const auto steps = steps_of(values);
  ModalInterval interval{0, steps.size() - 1};
  double twice_dip = 0;  // an envelope may be moved half way towards what strays from it
  while (interval.first < interval.last) {
    const auto next = narrowed(steps, interval);
    if (next.gap <= twice_dip) break;
    twice_dip = std::max(twice_dip, next.outside);
    if (next.interval == interval) break;
    interval = next.interval;
  }
  return twice_dip / 2;
}

double uniform_dip_quantile_99(std::size_t n) {
  if (n > largest_simulated) {
    return uniform_dip_quantile_99(largest_simulated) *
           std::sqrt(static_cast<double>(largest_simulated) / static_cast<double>(n));
  }
  static std::mutex guard;
  static std::map<std::size_t, double> known;
  const std::scoped_lock lock(guard);
  const auto [entry, is_new] = known.try_emplace(n, 0.0);
  if (is_new) entry->second = simulated_quantile(n);
  return entry->second;
}

bool is_multimodal(std::span<const double> values) {
  return values.size() >= fewest_for_modality &&
         dip_statistic(values) > uniform_dip_quantile_99(values.size());
}

}  // namespace lockbench
