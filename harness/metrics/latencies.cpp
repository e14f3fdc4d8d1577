#include "harness/metrics/latencies.hpp"

#include <cstddef>

namespace lockbench {

void Latencies::merge(const Latencies& other) {
  for (std::size_t i = 0; i < latency_kinds; ++i) {
    const auto kind = static_cast<LatencyKind>(i);
    if (const auto* const theirs = other.find(kind)) of(kind).merge(*theirs);
  }
}

std::optional<LatencyHistogram> Latencies::all_operations() const {
  std::optional<LatencyHistogram> all;
  for (std::size_t i = 0; i < operation_kinds; ++i) {
    const auto* const one = find(static_cast<LatencyKind>(i));
    if (one == nullptr) continue;
    if (!all) all.emplace();
    all->merge(*one);
  }
  return all;
}

}  // namespace lockbench
