#pragma once

/// `latency.csv`: one row a window and kind of duration.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/metrics/latencies.hpp"
#include "harness/metrics/latency_histogram.hpp"
#include "harness/results/window_row.hpp"

namespace lockbench {

struct LatencyRow : WindowKey {
  LatencyKind kind{};
  LatencyHistogram histogram;
};

/// One row a kind that was timed.
[[nodiscard]] std::vector<LatencyRow> latency_rows(const WindowKey& key,
                                                   const Latencies& latencies);

/// The row as the file holds it.
struct LatencyLine : WindowKey {
  LatencyKind kind{};
  std::uint64_t samples = 0;
  ExactFigures exact;
  double mean_ns = 0;
  std::array<Cell, standard_quantiles.size()> quantiles;
  std::string buckets;
};
[[nodiscard]] const Columns<LatencyLine>& latency_columns();
[[nodiscard]] std::string to_csv(const LatencyRow& row);
/// Reads what `to_csv` wrote, if it is of a kind that is wanted: most of the time goes into building
/// histograms. Throws `Error` naming the column and the value that does not fit.
[[nodiscard]] std::optional<LatencyRow> latency_row_from_csv(
    std::string_view line, bool (*wanted)(LatencyKind kind) noexcept);

}  // namespace lockbench
