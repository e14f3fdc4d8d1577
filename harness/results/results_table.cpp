#include "harness/results/results_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text/table.hpp"
#include "harness/workloads/catalogue.hpp"

namespace lockbench {
namespace {

using enum Align;

/// One cell of a line, with the header of its column.
struct Field {
  std::string header;
  Align align;
  std::string text;
};
/// All lines of a table have the same headers.
using Line = std::vector<Field>;

/// Leaves out columns that are empty throughout.
std::string table_of(const std::vector<Line>& lines) {
  const auto columns = lines.empty() ? 0 : lines.front().size();
  std::vector<std::string> headers;
  std::vector<Align> alignments;
  std::vector<std::vector<std::string>> rows(lines.size());
  for (std::size_t column = 0; column < columns; ++column) {
    if (std::ranges::all_of(lines, [&](const Line& line) { return line[column].text.empty(); }))
      continue;
    headers.push_back(lines.front()[column].header);
    alignments.push_back(lines.front()[column].align);
    for (std::size_t i = 0; i < lines.size(); ++i) rows[i].push_back(lines[i][column].text);
  }
  return render_table(headers, rows, alignments);
}

std::string team_text(const CaseParameters& point, bool oversubscribed) {
  const auto size = point.producers + point.consumers > 0
                        ? fmt::format("{}+{}", point.producers, point.consumers)
                        : fmt::format("{}", point.threads);
  return oversubscribed ? size + " over" : size;
}

std::string read_ratio_text(const CaseParameters& point) {
  return workload_named(point.workload).has_read_ratio() ? fmt::format("{}", point.read_ratio) : "";
}

/// The id of a point without workload, team and read ratio.
std::string others_text(const CaseParameters& point) {
  CaseParameters plain;
  plain.workload = point.workload;
  plain.threads = point.threads;
  plain.producers = point.producers;
  plain.consumers = point.consumers;
  plain.read_ratio = point.read_ratio;
  CaseParameters changed = point;
  changed.capacity = 0;
  const auto id = point_id(changed);
  const auto prefix = point_id(plain);
  return id.size() > prefix.size() ? id.substr(prefix.size() + 1) : "";
}

/// The strategy of a label.
std::string name_of(const auto& label) {
  return label.strategy + (label.twin ? " (again)" : "");
}

std::string fixed(const Cell& value, double unit = 1) {
  return value ? fmt::format("{:.3f}", *value / unit) : "-";
}

/// From the lower to the upper end, each as `text_of` writes it.
std::string interval_text(const Cell& low, const Cell& high, auto&& text_of) {
  return low && high ? fmt::format("{} … {}", text_of(*low), text_of(*high)) : "-";
}

std::string notes_of(const SummaryRow& row) {
  std::vector<std::string> notes;
  if (!row.problem.valid()) notes.push_back(row.problem.text());
  if (row.several_regimes) notes.emplace_back("several regimes");
  if (row.multimodal) notes.emplace_back("multimodal");
  if (row.harness_bound) {
    notes.push_back(
        fmt::format("harness bound: {:.0f} %", 100 * row["harness_share"_summary].value_or(0)));
  }
  if (row.few_samples) {
    notes.push_back(
        fmt::format("p99: {} of {} samples", row.few_samples->samples, fewest_samples_of_p99));
  }
  if (row.valid_windows < row.windows && row.problem.valid()) {
    notes.push_back(fmt::format("{} windows invalid", row.windows - row.valid_windows));
  }
  return fmt::format("{}", fmt::join(notes, "; "));
}

/// Three significant digits and the unit that suits them.
std::string time_text(const Cell& ns) {
  if (!ns) return "";
  if (*ns < 1e3) return fmt::format("{:.3g} ns", *ns);
  if (*ns < 1e6) return fmt::format("{:.3g} µs", *ns / 1e3);
  return *ns < 1e9 ? fmt::format("{:.3g} ms", *ns / 1e6) : fmt::format("{:.3g} s", *ns / 1e9);
}

/// Operations a second with the prefix that suits them.
std::string rate_text(const Cell& per_s) {
  if (!per_s) return "-";
  if (*per_s < 1e3) return fmt::format("{:.3g} ", *per_s);
  return *per_s < 1e6 ? fmt::format("{:.3g} k", *per_s / 1e3)
                      : fmt::format("{:.3g} M", *per_s / 1e6);
}

bool has_two_rates(const SummaryRow& row) {
  const auto workload = workload_named(row.point.workload);
  return workload.reads_statuses && !workload.has_read_ratio();
}

/// For strategies that park, where threads wait for tasks.
std::string wake_up_text(const SummaryRow& row) {
  const auto& wake_up_us = row["wake_up_us"_summary];
  if (!wake_up_us || !workload_named(row.point.workload).blocks) return "";
  return time_text(*wake_up_us * 1e3);
}

/// Blanks tell apart headers that read the same.
Line line_of(const SummaryRow& row) {
  const auto mega = [](const Cell& per_s) { return fixed(per_s, 1e6); };
  const auto& gap_s = row["longest_gap_s"_summary];
  return {{"strategy", left, name_of(row)},
          {"ordering", left, row.ordering},
          {"workload", left, row.point.workload},
          {"threads", right, team_text(row.point, row.oversubscribed)},
          {"read ratio", right, read_ratio_text(row.point)},
          {"parameters", left, others_text(row.point)},
          {"Mops/s", right, mega(row["throughput_ops_s"_summary])},
          {"95 % of the median", right,
           interval_text(row["throughput_low_ops_s"_summary], row["throughput_high_ops_s"_summary],
                         mega)},
          {"reads/s", right, has_two_rates(row) ? rate_text(row["reads_s"_summary]) : ""},
          {"writes/s", right, has_two_rates(row) ? rate_text(row["writes_s"_summary]) : ""},
          {"p99", right, row.point.load > 0 ? "" : time_text(row["latency_p99_ns"_summary])},
          {"sojourn p50", right, time_text(row["sojourn_p50_ns"_summary])},
          {"p99 ", right, time_text(row["sojourn_p99_ns"_summary])},
          {"p99.9", right, time_text(row["sojourn_p99_9_ns"_summary])},
          {"handoff p50", right, time_text(row["handoff_p50_ns"_summary])},
          {"p99  ", right, time_text(row["handoff_p99_ns"_summary])},
          {"waking", right, wake_up_text(row)},
          {"fairness", right, fixed(row["fairness_jain"_summary])},
          {"gap", right, gap_s ? time_text(*gap_s * 1e9) : ""},
          {"CPU s/Mop", right, fixed(row["cpu_s_per_mop"_summary])},
          {"n", right, fmt::format("{}", row.processes)},
          {"notes", left, notes_of(row)}};
}

Line line_of(const ComparisonRow& row) {
  const auto percent = [](double ratio) { return fmt::format("{:+.1f} %", 100 * (ratio - 1)); };
  const auto& ordering = row.winner_ordering;
  return {{"workload", left, row.point.workload},
          {"threads", right, team_text(row.point, row.oversubscribed)},
          {"read ratio", right, read_ratio_text(row.point)},
          {"parameters", left, others_text(row.point)},
          {"among", left, row.scope == "any" ? "any ordering" : row.scope},
          {"winner", left, row.winner + (ordering == "priority_fifo" ? "" : " (" + ordering + ")")},
          {"runner-up", left, row.runner_up},
          {"margin", right, percent(row.ratio)},
          {"95 %", right, interval_text(row.ratio_low, row.ratio_high, percent)},
          {"verdict", left, row.tie ? "tie" : "wins"}};
}

Line line_of(const Block& block, const Plan& plan) {
  const auto ms = [](double s) { return fmt::format("{:.3g} ms", 1e3 * s); };
  std::vector<std::string> names;
  for (const auto& label : block.labels) names.push_back(name_of(label));
  return {
      {"case", left, block.id},
      {"strategies", left, fmt::format("{}", fmt::join(names, " "))},
      {"window", right, ms(block.window_s)},
      {"warm-up", right, ms(block.warm_up_s)},
      {"windows", right, fmt::format("{}{}", plan.windows, block.sample_every != 0 ? " + 1" : "")},
      {"timed", right,
       block.sample_every != 0 ? fmt::format("1 in {}", block.sample_every) : std::string()},
      {"processes", right, fmt::format("{}", plan.order.size() / plan.blocks.size())}};
}

}  // namespace

std::string case_table(std::span<const SummaryRow> summary) {
  std::vector<const SummaryRow*> order;
  for (const auto& row : summary) order.push_back(&row);
  std::ranges::stable_sort(order, [&](const auto* one, const auto* other) {
    if (one->block_id != other->block_id) return one < other;  // points keep their order
    return (*one)["throughput_ops_s"_summary].value_or(-1) >
           (*other)["throughput_ops_s"_summary].value_or(-1);
  });
  std::vector<Line> lines;
  for (const auto* row : order) lines.push_back(line_of(*row));
  return table_of(lines);
}

std::string winner_table(std::span<const ComparisonRow> comparisons) {
  std::vector<Line> lines;
  for (const auto& row : comparisons) {
    if (row.scope != "twin") lines.push_back(line_of(row));
  }
  return table_of(lines);
}

std::string plan_table(const Plan& plan) {
  std::vector<Line> lines;
  for (const auto& block : plan.blocks) lines.push_back(line_of(block, plan));
  return table_of(lines);
}

}  // namespace lockbench
