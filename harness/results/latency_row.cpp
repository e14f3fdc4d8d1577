#include "harness/results/latency_row.hpp"

#include <cmath>

#include "harness/results/field_column.hpp"

namespace lockbench {
namespace {

using Row = LatencyRow;
using field::column;

/// The row as the file holds it.
struct Line : LatencyRow {
  int schema_version = trials_schema_version;
  std::uint64_t samples = 0;
  ExactFigures exact;
  double mean_ns = 0;
  std::array<Cell, standard_quantiles.size()> quantiles;
  std::string buckets;
};

template <auto Field>
constexpr field::Column<Line> of_row(std::string_view name, std::string_view unit,
                                     std::string_view meaning) {
  return {{name, unit, meaning},
          [](const Line& line) { return field::write(line.*Field); },
          [](Line& line, std::string_view text) { return field::read(text, line.*Field); }};
}

template <auto Field>
constexpr field::Column<Line> exact_figure(std::string_view name, std::string_view meaning) {
  return {{name, "ns", meaning},
          [](const Line& line) { return field::write(line.exact.*Field); },
          [](Line& line, std::string_view text) { return field::read(text, line.exact.*Field); }};
}

template <std::size_t index>
constexpr field::Column<Line> quantile(std::string_view name) {
  return {
      {name, "ns", "Quantile; empty where fewer than 10 samples lie beyond it"},
      [](const Line& line) { return field::write(line.quantiles[index]); },
      [](Line& line, std::string_view text) { return field::read(text, line.quantiles[index]); }};
}

constexpr std::array columns{
    column<&Line::schema_version>("schema_version", "", "Version of this list of columns"),
    of_row<&Row::run_id>("run_id", "", "The run"),
    of_row<&Row::case_id>("case_id", "", "Strategy and parameter point"),
    of_row<&Row::block_id>("block_id", "", "Parameter point"),
    of_row<&Row::strategy>("strategy", "", "Strategy, as in `bench list`"),
    of_row<&Row::twin>("twin", "", "1 = second label of the same strategy (A/A)"),
    of_row<&Row::process>("process", "", "Number of the fresh process"),
    of_row<&Row::window>("window", "", "Number of the window within its process"),
    of_row<&Row::kind>("kind", "", "What was timed"),
    column<&Line::samples>("samples", "durations", "How many were timed"),
    exact_figure<&ExactFigures::min_ns>("min_ns", "Shortest, exact"),
    column<&Line::mean_ns>("mean_ns", "ns", "Mean, exact"),
    quantile<0>("p50_ns"),
    quantile<1>("p90_ns"),
    quantile<2>("p99_ns"),
    quantile<3>("p99_9_ns"),
    quantile<4>("p99_99_ns"),
    exact_figure<&ExactFigures::max_ns>("max_ns", "Longest, exact"),
    column<&Line::buckets>("histogram", "ns:durations",
                           "Shortest duration and count of each bucket that is not empty"),
};

constexpr auto descriptions = descriptions_of(columns);

}  // namespace

std::span<const ColumnDescription> latency_columns() {
  return descriptions;
}

std::string latency_header() {
  return field::header(columns);
}

std::string to_csv(const LatencyRow& row) {
  Line line;
  static_cast<LatencyRow&>(line) = row;
  line.samples = row.histogram.count();
  line.exact = row.histogram.exact();
  line.mean_ns = row.histogram.mean_ns();
  for (std::size_t i = 0; i < standard_quantiles.size(); ++i) {
    line.quantiles[i] = row.histogram.quantile_ns(standard_quantiles[i].q);
  }
  line.buckets = row.histogram.to_text();
  return field::line(columns, line);
}

std::optional<LatencyRow> latency_row_from_csv(std::string_view text,
                                               bool (*wanted)(std::string_view kind) noexcept) {
  Line line;
  field::read_line(columns, text, "latency.csv", line);
  if (!wanted(line.kind)) return std::nullopt;
  line.exact.sum_ns =
      static_cast<std::uint64_t>(std::llround(line.mean_ns * static_cast<double>(line.samples)));
  line.histogram = LatencyHistogram::from_text(line.buckets, line.exact);
  return line;
}

}  // namespace lockbench
