#pragma once

/// The few statistics that probes need of their own samples.

#include <array>
#include <chrono>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "harness/metrics/statistics.hpp"

namespace lockbench {

/// Where samples lie and how far they spread; in the samples' unit.
struct Spread {
  double median = 0;
  double p05 = 0;
  double p95 = 0;
  std::size_t samples = 0;
};

/// By nearest rank, so every figure is a value that was seen. `samples` must not be empty.
[[nodiscard]] Spread spread_of(std::vector<double> samples);

/// Nanoseconds that one `call` takes: the median over a few batches of `calls` each, so that an
/// interrupt does not move it.
[[nodiscard]] double call_ns(int calls, auto&& call) {
  constexpr auto now = std::chrono::steady_clock::now;
  std::array<double, 9> batches_ns{};
  for (double& batch_ns : batches_ns) {
    const auto start = now();
    for (int i = 0; i < calls; ++i) call();
    batch_ns = std::chrono::duration<double, std::nano>(now() - start).count() / calls;
  }
  return median(batches_ns);
}

void to_json(nlohmann::json& json, const Spread& spread);

}  // namespace lockbench
