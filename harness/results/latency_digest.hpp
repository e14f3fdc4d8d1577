#pragma once

/// The histograms of a run, merged over the valid windows of each case: what summaries show of
/// latency.

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <utility>

#include "harness/results/latency_row.hpp"
#include "harness/results/window_row.hpp"

namespace lockbench {

class LatencyDigest {
public:
  LatencyDigest() = default;
  explicit LatencyDigest(std::span<const WindowRow> rows) { add_windows(rows); }

  /// Whether rows of this kind are kept; the rest need not be read.
  [[nodiscard]] static bool keeps(LatencyKind kind) noexcept;
  /// From now on the valid ones of these windows count.
  void add_windows(std::span<const WindowRow> rows);
  /// Merges a row in, unless its window does not count.
  void add(const LatencyRow& row);

  /// Null where nothing of the kind was timed in a valid window of the case.
  [[nodiscard]] const LatencyHistogram* find(const std::string& case_id, LatencyKind kind) const;

private:
  using Window = std::tuple<std::string, std::uint32_t, std::uint32_t>;  ///< case, process, window

  std::set<Window> valid_;
  std::map<std::pair<std::string, LatencyKind>, LatencyHistogram> merged_;  ///< by case and kind
};

}  // namespace lockbench
