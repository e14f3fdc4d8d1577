#include "harness/results/latency_row.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "harness/base/errors.hpp"

namespace lockbench {

const Columns<LatencyLine>& latency_columns() {
  using Line = LatencyLine;
  static const auto all = [] {
    constexpr std::array<ColumnDescription, standard_quantiles.size()> quantiles{{
        {"p50_ns", "ns",
         "median, at most 1/2048 off like all quantiles: by nearest rank, at the midpoint of its "
         "bucket",
         figure::few_samples},
        {"p90_ns", "ns", "90 %", figure::few_samples},
        {"p99_ns", "ns", "99 %", figure::few_samples},
        {"p99_9_ns", "ns", "99.9 %", figure::few_samples},
        {"p99_99_ns", "ns", "99.99 %", figure::few_samples},
    }};
    Columns<Line> columns("latency.csv", Digits::nine);
    add_key(columns)
        .add(&Line::kind, "kind", "",
             "`add`, `take`, `status`, `complete`, `forget`, `cancel`: service time of that call, "
             "from call to return; `all`: of all of them; `sojourn`: intended arrival to "
             "completion; `wait`: intended arrival to being taken; `service`: taken to completed; "
             "`handoff`: from the call of `add_task` to the return of the consumer that it woke")
        .add(&Line::samples, "samples", "samples", "durations that were recorded")
        .add([](auto& line) -> auto& { return line.exact.min_ns; },
             {"min_ns", "ns", "shortest, exact", "no sample"})
        .add(&Line::mean_ns, "mean_ns", "ns", "mean, exact", "no sample");
    for (std::size_t i = 0; i < quantiles.size(); ++i) {
      columns.add(
          [i](auto& line) -> auto& { return line.quantiles[i]; }, quantiles[i]);
    }
    return columns
        .add([](auto& line) -> auto& { return line.exact.max_ns; },
             {"max_ns", "ns", "longest, exact", "no sample"})
        .add(&Line::histogram_number, "histogram_number", "",
             "the histogram of these durations is what has the same number in `histograms.csv`");
  }();
  return all;
}

std::vector<LatencyRow> latency_rows(const WindowKey& key, const Latencies& latencies) {
  std::vector<LatencyRow> rows;
  for (const auto kind : all_values<LatencyKind>) {
    if (const auto* const histogram = latencies.find(kind)) rows.push_back({key, kind, *histogram});
  }
  return rows;
}

const Columns<BucketLine>& bucket_columns() {
  static const auto all = [] {
    Columns<BucketLine> columns("histograms.csv", Digits::nine);
    return columns
        .add(&BucketLine::histogram_number, "histogram_number", "",
             "which histogram: that of the row with this number in `latency.csv`")
        .add(&BucketLine::lower_ns, "lower_ns", "ns",
             "shortest duration of the bucket. Buckets are 1 ns wide below 2,048 ns; from each "
             "power of two on, 1,024 equal ones reach to the next. What is longer than 2⁴² ns, "
             "some 70 minutes, counts in the last")
        .add(&BucketLine::samples, "samples", "samples", "durations in it; at least 1");
  }();
  return all;
}

std::string to_csv(const LatencyRow& row, std::uint64_t histogram_number) {
  const auto& histogram = row.histogram;
  LatencyLine line{row, row.kind,        histogram.count(), histogram.exact(), histogram.mean_ns(),
                   {},  histogram_number};
  for (std::size_t i = 0; i < standard_quantiles.size(); ++i) {
    line.quantiles[i] = histogram.quantile_ns(standard_quantiles[i].q);
  }
  return latency_columns().line(line);
}

std::string buckets_to_csv(const LatencyHistogram& histogram, std::uint64_t histogram_number) {
  std::string text;
  histogram.for_each_bucket([&](std::uint64_t lower_ns, std::uint64_t samples) {
    text += bucket_columns().line({histogram_number, lower_ns, samples}) + "\n";
  });
  return text;
}

void LatencyReader::take_row(std::string_view line) {
  Parts parts;
  latency_columns().read_line(line, parts.line);
  const auto number = parts.line.histogram_number;
  if (wanted_(parts.line.kind)) by_number_.emplace(number, std::move(parts));
}

void LatencyReader::take_bucket(std::string_view line) {
  BucketLine bucket;
  bucket_columns().read_line(line, bucket);
  const auto found = by_number_.find(bucket.histogram_number);
  if (found == by_number_.end()) return;
  auto& buckets = found->second.buckets;
  buckets += fmt::format("{}{}:{}", buckets.empty() ? "" : " ", bucket.lower_ns, bucket.samples);
}

void LatencyReader::hand_out(const std::function<void(const LatencyRow&)>& take) const {
  for (const auto& [number, parts] : by_number_) {
    const auto& line = parts.line;
    auto exact = line.exact;
    exact.sum_ns =
        static_cast<std::uint64_t>(std::llround(line.mean_ns * static_cast<double>(line.samples)));
    const LatencyRow row{line, line.kind, LatencyHistogram::from_text(parts.buckets, exact)};
    if (row.histogram.count() != line.samples) {
      throw failure(fmt::format("histogram {} holds {} samples, but its row in latency.csv says {}",
                                number, row.histogram.count(), line.samples));
    }
    take(row);
  }
}

}  // namespace lockbench
