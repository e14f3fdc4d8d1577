#include "harness/metrics/latencies.hpp"

namespace lockbench {

void Latencies::merge(const Latencies& other) {
  for (const auto kind : all_values<LatencyKind>) {
    if (const auto* const theirs = other.find(kind)) of(kind).merge(*theirs);
  }
}

void Latencies::add_up_operations() {
  for (std::size_t i = 0; i < operation_kinds; ++i) {
    const auto* const one = find(static_cast<LatencyKind>(i));
    if (one != nullptr) of(LatencyKind::all).merge(*one);
  }
}

}  // namespace lockbench
