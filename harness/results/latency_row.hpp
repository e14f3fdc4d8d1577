#pragma once

/// `latency.csv`: one row a window and kind of duration; `histograms.csv`: their histograms, one row a
/// bucket, so that no cell is longer than a spreadsheet takes.

#include <array>
#include <cstdint>
#include <functional>
#include <map>
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
  std::uint64_t histogram_number = 0;
};
[[nodiscard]] const Columns<LatencyLine>& latency_columns();
/// One bucket that holds a sample.
struct BucketLine {
  std::uint64_t histogram_number = 0;
  std::uint64_t lower_ns = 0;
  std::uint64_t samples = 0;
};
[[nodiscard]] const Columns<BucketLine>& bucket_columns();

/// The line of `latency.csv`, without its line end. Rows of one run have histograms of different numbers.
[[nodiscard]] std::string to_csv(const LatencyRow& row, std::uint64_t histogram_number);
/// The lines of `histograms.csv`, each with its line end.
[[nodiscard]] std::string buckets_to_csv(const LatencyHistogram& histogram,
                                         std::uint64_t histogram_number);

/// Puts rows together again from both files. All functions throw `Error` naming what does not fit.
class LatencyReader {
public:
  /// Keeps rows of kinds that are `wanted`: most of the time goes into building histograms.
  explicit LatencyReader(bool (*wanted)(LatencyKind kind) noexcept) : wanted_(wanted) {}

  /// Takes a line of `latency.csv`; all of them before the first bucket.
  void take_row(std::string_view line);
  /// Takes a line of `histograms.csv`.
  void take_bucket(std::string_view line);
  /// Hands out the rows one at a time, since each histogram is large.
  void hand_out(const std::function<void(const LatencyRow&)>& take) const;

private:
  struct Parts {
    LatencyLine line;
    std::string buckets;  ///< as `LatencyHistogram::from_text` reads them
  };
  bool (*wanted_)(LatencyKind kind) noexcept;
  std::map<std::uint64_t, Parts> by_number_;
};

}  // namespace lockbench
