#pragma once

/// `latency.csv`: one row a window and kind of duration.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "harness/metrics/latency_histogram.hpp"
#include "harness/results/row.hpp"

namespace lockbench {

/// Names of the kind that stands for all operations of a window together.
inline constexpr std::string_view all_operations_kind = "all";

struct LatencyRow {
  std::string run_id;
  std::string case_id;
  std::string block_id;
  std::string strategy;
  bool twin = false;
  std::uint32_t process = 0;
  std::uint32_t window = 0;
  std::string kind;  ///< as `to_string(LatencyKind)`, or `all`
  LatencyHistogram histogram;
};

[[nodiscard]] std::span<const ColumnDescription> latency_columns();
[[nodiscard]] std::string latency_header();
[[nodiscard]] std::string to_csv(const LatencyRow& row);
/// Reads what `to_csv` wrote, if it is of a kind that is wanted: most of the time goes into building
/// histograms. Throws `Error` naming the column and the value that does not fit.
[[nodiscard]] std::optional<LatencyRow> latency_row_from_csv(
    std::string_view line, bool (*wanted)(std::string_view kind) noexcept);

}  // namespace lockbench
