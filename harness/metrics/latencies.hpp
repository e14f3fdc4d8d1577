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

  /// Fills `LatencyKind::all` from the operations of every kind. Once, when all have been recorded.
  void add_up_operations();

private:
  std::array<std::optional<LatencyHistogram>, all_values<LatencyKind>.size()> histograms_;
};

}  // namespace lockbench
