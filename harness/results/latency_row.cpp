#include "harness/results/latency_row.hpp"

#include <cmath>

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
        .add(&Line::buckets, "histogram", "",
             "`lower_ns:count` of every bucket that holds a sample, ascending. Buckets are 1 ns "
             "wide below 2,048 ns; from each power of two on, 1,024 equal ones reach to the next. "
             "What is longer than 2⁴² ns, some 70 minutes, counts in the last",
             "no sample");
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

std::string to_csv(const LatencyRow& row) {
  const auto& histogram = row.histogram;
  LatencyLine line{
      row, row.kind,           histogram.count(), histogram.exact(), histogram.mean_ns(),
      {},  histogram.to_text()};
  for (std::size_t i = 0; i < standard_quantiles.size(); ++i) {
    line.quantiles[i] = histogram.quantile_ns(standard_quantiles[i].q);
  }
  return latency_columns().line(line);
}

std::optional<LatencyRow> latency_row_from_csv(std::string_view text,
                                               bool (*wanted)(LatencyKind kind) noexcept) {
  LatencyLine line;
  latency_columns().read_line(text, line);
  if (!wanted(line.kind)) return std::nullopt;
  line.exact.sum_ns =
      static_cast<std::uint64_t>(std::llround(line.mean_ns * static_cast<double>(line.samples)));
  return LatencyRow{line, line.kind, LatencyHistogram::from_text(line.buckets, line.exact)};
}

}  // namespace lockbench
