#include "harness/metrics/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace lockbench {
namespace {

constexpr double tail = 0.025;                // of a two-sided 95 % interval
constexpr double normal_quantile = 1.959964;  // of 1 - tail
constexpr std::size_t largest_exact = 60;     // beyond it the normal approximation is accurate

std::vector<double> sorted(std::span<const double> values) {
  std::vector<double> copy(values.begin(), values.end());
  std::sort(copy.begin(), copy.end());
  return copy;
}

double middle(const std::vector<double>& ascending) {
  const auto n = ascending.size();
  return n % 2 == 1 ? ascending[n / 2] : (ascending[n / 2 - 1] + ascending[n / 2]) / 2;
}

/// How many of the smallest (and as many of the largest) of `ascending` an interval leaves out, or
/// nothing when even leaving out none would claim too much. `probability_of(k)` is the null
/// probability that the test statistic equals k.
template <class Probability>
std::optional<std::size_t> left_out(Probability&& probability_of) {
  double below = 0;
  for (std::size_t k = 0;; ++k) {
    below += probability_of(k);
    if (below > tail) return k == 0 ? std::nullopt : std::optional(k - 1);
  }
}

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Sum of squared distances from `centre`.
double squares_about(double centre, std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0, [centre](double sum, double value) {
    return sum + (value - centre) * (value - centre);
  });
}

std::optional<Interval> trimmed(const std::vector<double>& ascending,
                                std::optional<std::size_t> leave_out) {
  if (!leave_out) return std::nullopt;
  return Interval{ascending[*leave_out], ascending[ascending.size() - 1 - *leave_out]};
}

/// Null distribution of Wilcoxon's signed-rank statistic: number of subsets of {1..n} by sum,
/// divided by 2^n.
std::vector<double> signed_rank_distribution(std::size_t n) {
  std::vector<double> share(n * (n + 1) / 2 + 1, 0.0);
  share[0] = 1;
  std::size_t largest = 0;
  for (std::size_t rank = 1; rank <= n; ++rank) {
    largest += rank;
    for (std::size_t sum = largest + 1; sum-- > 0;) {
      share[sum] = (share[sum] + (sum >= rank ? share[sum - rank] : 0.0)) / 2;
    }
  }
  return share;
}

std::optional<std::size_t> normal_left_out(double mean, double deviation) {
  const double cut = std::floor(mean - normal_quantile * deviation);
  return cut < 1 ? std::nullopt : std::optional(static_cast<std::size_t>(cut) - 1);
}

}  // namespace

double median(std::span<const double> values) {
  return middle(sorted(values));
}

Estimate median_with_interval(std::span<const double> values) {
  const auto ascending = sorted(values);
  const auto n = ascending.size();
  const auto leave_out = [&]() -> std::optional<std::size_t> {
    if (n > largest_exact) {
      return normal_left_out(static_cast<double>(n) / 2, std::sqrt(static_cast<double>(n)) / 2);
    }
    double probability = std::pow(0.5, static_cast<double>(n));  // of k = 0 successes of n
    return left_out([&, n](std::size_t k) {
      const double current = probability;
      probability *= static_cast<double>(n - k) / static_cast<double>(k + 1);
      return current;
    });
  }();
  return {middle(ascending), trimmed(ascending, leave_out)};
}

Estimate paired_difference(std::span<const double> differences) {
  const auto n = differences.size();
  std::vector<double> walsh_averages;
  walsh_averages.reserve(n * (n + 1) / 2);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i; j < n; ++j) {
      walsh_averages.push_back((differences[i] + differences[j]) / 2);
    }
  }
  std::sort(walsh_averages.begin(), walsh_averages.end());
  const auto leave_out = [&]() -> std::optional<std::size_t> {
    if (n > largest_exact) {
      const auto count = static_cast<double>(n);
      return normal_left_out(count * (count + 1) / 4,
                             std::sqrt(count * (count + 1) * (2 * count + 1) / 24));
    }
    const auto share = signed_rank_distribution(n);
    return left_out([&](std::size_t k) { return k < share.size() ? share[k] : 1.0; });
  }();
  return {middle(walsh_averages), trimmed(walsh_averages, leave_out)};
}

double jain_index(std::span<const double> amounts) {
  const double sum = std::accumulate(amounts.begin(), amounts.end(), 0.0);
  const double squares = std::inner_product(amounts.begin(), amounts.end(), amounts.begin(), 0.0);
  return squares > 0 ? sum * sum / (static_cast<double>(amounts.size()) * squares) : 1.0;
}

double share_of(double amount, std::span<const double> amounts) {
  const double sum = std::accumulate(amounts.begin(), amounts.end(), 0.0);
  return sum > 0 ? amount * static_cast<double>(amounts.size()) / sum : 1.0;
}

std::optional<double> coefficient_of_variation(std::span<const double> values) {
  if (values.size() < 2) return std::nullopt;
  const double mean = mean_of(values);
  if (mean == 0) return std::nullopt;
  const double variance = squares_about(mean, values) / static_cast<double>(values.size() - 1);
  return std::sqrt(variance) / std::fabs(mean);
}

std::optional<double> intraclass_correlation(std::span<const std::vector<double>> groups) {
  double count = 0;
  double sum = 0;
  double sum_of_squared_sizes = 0;
  double group_count = 0;
  for (const auto& group : groups) {
    const auto size = static_cast<double>(group.size());
    count += size;
    sum_of_squared_sizes += size * size;
    sum += std::accumulate(group.begin(), group.end(), 0.0);
    group_count += group.empty() ? 0 : 1;
  }
  if (group_count < 2 || count <= group_count) return std::nullopt;

  const double mean = sum / count;
  double between = 0;
  double within = 0;
  for (const auto& group : groups) {
    if (group.empty()) continue;
    const double group_mean = mean_of(group);
    between += static_cast<double>(group.size()) * (group_mean - mean) * (group_mean - mean);
    within += squares_about(group_mean, group);
  }
  between /= group_count - 1;
  within /= count - group_count;
  const double size = (count - sum_of_squared_sizes / count) / (group_count - 1);
  const double total = between + (size - 1) * within;
  return total > 0 ? std::optional((between - within) / total) : std::nullopt;
}

}  // namespace lockbench
