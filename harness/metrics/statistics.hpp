#pragma once

/// Medians, distribution-free intervals and fairness: pure functions of values.

#include <optional>
#include <span>
#include <vector>

namespace lockbench {

/// A closed interval.
struct Interval {
  double low = 0;
  double high = 0;
  [[nodiscard]] bool contains(double value) const noexcept { return low <= value && value <= high; }
  bool operator==(const Interval&) const = default;
};

/// An estimate, with its interval where the sample is large enough to have one.
struct Estimate {
  double value = 0;
  std::optional<Interval> interval;
};

/// Median; the mean of the middle two of an even number. O(n). Precondition: not empty.
[[nodiscard]] double median(std::span<const double> values);

/// Median with the exact 95 % interval from order statistics (sign-test inversion): makes no
/// assumption on the distribution, and covers at least what it claims however few the values. Fewer
/// than six have none, as even [smallest, largest] of five covers the median with a probability of
/// only 93.75 %. O(n log n). Precondition: not empty.
[[nodiscard]] Estimate median_with_interval(std::span<const double> values);

/// Hodges-Lehmann estimate of the centre of symmetry of paired differences, with the exact 95 %
/// interval from inverting Wilcoxon's signed-rank test (Hodges & Lehmann, 1963; Hollander & Wolfe,
/// 1999, section 3.2-3.4). It covers the centre of a symmetric law at least as often as it claims, and
/// so 0 under A/A, since differences of exchangeable labels are symmetric. It does not cover the
/// median of a law that is not: of an exponential law with n = 40, in 83 % instead of 95 %. For a
/// mixture use `median_with_interval`. O(n^2 log n) for n values, of which runs have tens.
/// Precondition: not empty.
[[nodiscard]] Estimate paired_difference(std::span<const double> differences);

/// Jain's index of equality, (sum x)^2 / (n sum x^2): 1 = equal, 1/n = one had it all (Jain, Chiu &
/// Hawe, 1984). 1 when nothing was done by anybody. Precondition: not empty.
[[nodiscard]] double jain_index(std::span<const double> amounts);

/// One amount over the mean of all: 1 = equal, 0 = this one got nothing, n = it had all. 1 when nothing
/// was done. Precondition: not empty.
[[nodiscard]] double share_of(double amount, std::span<const double> amounts);

/// Standard deviation (of n - 1 degrees of freedom) over the mean's amount: 0.05 = 5 %. Nothing
/// for fewer than two values or a mean of 0.
[[nodiscard]] std::optional<double> coefficient_of_variation(std::span<const double> values);

/// ICC(1): the share of the variance that lies between groups, from a one-way analysis of variance
/// (Shrout & Fleiss, 1979) with the mean size that unequal groups call for (Snedecor & Cochran,
/// 1967). 1 = values of a group are the same, 0 = they are no more alike than those of different
/// groups. The estimate may come out negative, down to -1 / (size - 1): then values of a group
/// differ more than groups do. Empty groups have no part. Nothing where the two variances cannot be
/// told apart: fewer than two groups, no group of two, or all values equal.
[[nodiscard]] std::optional<double> intraclass_correlation(
    std::span<const std::vector<double>> groups);

}  // namespace lockbench
