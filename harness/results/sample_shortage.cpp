#include "harness/results/sample_shortage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

namespace lockbench {
namespace {

/// Counts differ from run to run, so the remedy aims at more than what is needed.
constexpr double margin = 1.5;
constexpr double longest_window_s = 60;  ///< that --window takes

/// What a case has too few samples for.
struct Lack {
  const SummaryRow* row = nullptr;
  std::string_view quantile;
  std::uint64_t samples = 0;
  std::uint64_t needed = 0;
  /// How many times as many there can be in the same windows: of tasks and hand-overs, all are timed.
  double more = 1;

  /// How many times as many are needed.
  [[nodiscard]] double factor() const noexcept {
    return margin * static_cast<double>(needed) /
           static_cast<double>(std::max<std::uint64_t>(1, samples));
  }
  /// The same, if as many as possible were timed.
  [[nodiscard]] double beyond_sampling() const noexcept { return factor() / more; }
};

/// The quantile of the service level where it needs more samples than a p99, else the p99.
StandardQuantile quantile_of(const std::optional<ServiceLevel>& level) {
  StandardQuantile asked{0.99, "p99"};
  for (const auto& quantile : standard_quantiles) {
    if (level && quantile.name == level->quantile && quantile.q > asked.q) asked = quantile;
  }
  return asked;
}

std::optional<Lack> lack_of(const SummaryRow& row, const std::optional<ServiceLevel>& level) {
  if (row.point.load > 0) {
    const auto [q, name] = quantile_of(level);
    const auto needed = static_cast<std::uint64_t>(std::llround(fewest_beyond_quantile / (1 - q)));
    const auto& tasks = row["sojourn_samples"_summary];
    if (!tasks || *tasks >= static_cast<double>(needed)) return std::nullopt;
    return Lack{&row, name, static_cast<std::uint64_t>(*tasks), needed};
  }
  if (!row.few_samples) return std::nullopt;
  const auto [kind, samples] = *row.few_samples;
  return Lack{&row, "p99", samples, fewest_samples_of_p99,
              kind == LatencyKind::all ? row.sample_every : 1.0};
}

std::string remedy_for(const Lack& lack) {
  const double beyond = lack.beyond_sampling();
  if (beyond <= 1) return fmt::format("--sample {:.0f}", std::floor(1 / beyond));
  const std::string sampling = lack.more > 1 ? "--sample 1 and " : "";
  const double window_s = beyond * lack.row->window_s;
  if (window_s <= longest_window_s) {
    return window_s < 1 ? fmt::format("{}--window {:.0f}ms", sampling, 1e3 * window_s)
                        : fmt::format("{}--window {:.0f}s", sampling, std::ceil(window_s));
  }
  return fmt::format("{}--window {:.0f}s --processes {:.0f}", sampling, longest_window_s,
                     std::ceil(lack.row->processes * window_s / longest_window_s));
}

}  // namespace

std::optional<SampleShortage> sample_shortage(std::span<const SummaryRow> summary,
                                              const std::optional<ServiceLevel>& level) {
  Lack worst;
  std::uint64_t cases = 0;
  for (const auto& row : summary) {
    const auto lack = lack_of(row, level);
    if (!lack) continue;
    ++cases;
    if (cases == 1 || lack->beyond_sampling() > worst.beyond_sampling()) worst = *lack;
  }
  if (cases == 0) return std::nullopt;
  return SampleShortage{.cases = cases,
                        .worst_case = worst.row->case_id,
                        .quantile = std::string(worst.quantile),
                        .samples = worst.samples,
                        .needed = worst.needed,
                        .remedy = remedy_for(worst)};
}

std::string shortage_text(const SampleShortage& shortage) {
  return fmt::format("too few samples in {} case{}: for its {} {} has {} of {}; {} would do",
                     shortage.cases, shortage.cases == 1 ? "" : "s", shortage.quantile,
                     shortage.worst_case, shortage.samples, shortage.needed, shortage.remedy);
}

void to_json(nlohmann::json& object, const SampleShortage& shortage) {
  object = {{"cases", shortage.cases},       {"worst_case", shortage.worst_case},
            {"quantile", shortage.quantile}, {"samples", shortage.samples},
            {"needed", shortage.needed},     {"remedy", shortage.remedy}};
}

}  // namespace lockbench
