#pragma once

/// The durations that one thread, or one window, recorded.

#include <array>
#include <optional>

#include "harness/metrics/latency_histogram.hpp"
#include "harness/metrics/latency_kind.hpp"

namespace lockbench {

/// One histogram a kind, made when the kind first comes up.
class Latencies {
public:
  /// For recording; allocates at the first call for a kind.
  [[nodiscard]] LatencyHistogram& of(LatencyKind kind) {
    auto& histogram = histograms_.at(static_cast<std::size_t>(kind));
    return histogram ? *histogram : histogram.emplace();
  }
  /// Null where nothing of the kind was recorded.
  [[nodiscard]] const LatencyHistogram* find(LatencyKind kind) const noexcept {
    const auto& histogram = histograms_.at(static_cast<std::size_t>(kind));
    return histogram && histogram->count() > 0 ? &*histogram : nullptr;
  }

  void merge(const Latencies& other);

  /// All operations together, whatever their kind. Empty where none was sampled.
  [[nodiscard]] std::optional<LatencyHistogram> all_operations() const;

private:
  std::array<std::optional<LatencyHistogram>, latency_kinds> histograms_;
};

}  // namespace lockbench
