#include "harness/results/results_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/base/text/table.hpp"
#include "harness/workloads/catalogue.hpp"

namespace lockbench {
namespace {

using Row = std::vector<std::string>;

std::string team_text(const CaseParameters& point, bool oversubscribed) {
  const auto size = point.producers + point.consumers > 0
                        ? fmt::format("{}+{}", point.producers, point.consumers)
                        : fmt::format("{}", point.threads);
  return oversubscribed ? size + " over" : size;
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

std::string mega(const Cell& per_s) {
  return per_s ? fmt::format("{:.3f}", *per_s / 1e6) : "-";
}

std::string interval_text(const Cell& low, const Cell& high, const char* format, double unit) {
  if (!low || !high) return "-";
  return fmt::format(fmt::runtime(format), *low / unit, *high / unit);
}

std::string fixed(const Cell& value, int digits) {
  return value ? fmt::format("{:.{}f}", *value, digits) : "-";
}

std::string notes_of(const SummaryRow& row) {
  Row notes;
  if (!row.problem.valid()) notes.push_back(row.problem.text());
  if (row.several_regimes) notes.emplace_back("several regimes");
  if (row.multimodal) notes.emplace_back("multimodal");
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

std::string seconds_text(const Cell& s) {
  return time_text(s ? Cell(*s * 1e9) : Cell());
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

Row case_row(const SummaryRow& row) {
  return {row.strategy + (row.twin ? " (again)" : ""),
          row.ordering,
          row.point.workload,
          team_text(row.point, row.oversubscribed),
          workload_named(row.point.workload).has_read_ratio()
              ? fmt::format("{}", row.point.read_ratio)
              : "",
          others_text(row.point),
          mega(row["throughput_ops_s"_summary]),
          interval_text(row["throughput_low_ops_s"_summary], row["throughput_high_ops_s"_summary],
                        "{:.3f} … {:.3f}", 1e6),
          has_two_rates(row) ? rate_text(row["reads_s"_summary]) : "",
          has_two_rates(row) ? rate_text(row["writes_s"_summary]) : "",
          row.point.load > 0 ? "" : time_text(row["latency_p99_ns"_summary]),
          time_text(row["sojourn_p50_ns"_summary]),
          time_text(row["sojourn_p99_ns"_summary]),
          time_text(row["sojourn_p99_9_ns"_summary]),
          time_text(row["handoff_p50_ns"_summary]),
          time_text(row["handoff_p99_ns"_summary]),
          wake_up_text(row),
          fixed(row["fairness_jain"_summary], 3),
          seconds_text(row["longest_gap_s"_summary]),
          fixed(row["cpu_s_per_mop"_summary], 3),
          fmt::format("{}", row.processes),
          notes_of(row)};
}

/// Drops columns that are empty throughout.
void drop_empty_columns(Row& headers, std::vector<Row>& rows, std::vector<Align>& alignments) {
  for (std::size_t column = headers.size(); column-- > 0;) {
    const bool empty =
        std::ranges::all_of(rows, [&](const Row& row) { return row[column].empty(); });
    if (!empty) continue;
    const auto at = static_cast<std::ptrdiff_t>(column);
    headers.erase(headers.begin() + at);
    alignments.erase(alignments.begin() + at);
    for (auto& row : rows) row.erase(row.begin() + at);
  }
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
  const std::vector<std::pair<std::string, Align>> columns{
      {"strategy", Align::left},     {"ordering", Align::left},
      {"workload", Align::left},     {"threads", Align::right},
      {"read ratio", Align::right},  {"parameters", Align::left},
      {"Mops/s", Align::right},      {"95 % of the median", Align::right},
      {"reads/s", Align::right},     {"writes/s", Align::right},
      {"p99", Align::right},         {"sojourn p50", Align::right},
      {"p99 ", Align::right},        {"p99.9", Align::right},
      {"handoff p50", Align::right}, {"p99  ", Align::right},
      {"waking", Align::right},      {"fairness", Align::right},
      {"gap", Align::right},         {"CPU s/Mop", Align::right},
      {"n", Align::right},           {"notes", Align::left}};
  Row headers;
  std::vector<Align> alignments;
  for (const auto& [name, align] : columns) {
    headers.push_back(name);
    alignments.push_back(align);
  }
  std::vector<Row> rows;
  for (const auto* row : order) rows.push_back(case_row(*row));
  drop_empty_columns(headers, rows, alignments);
  return render_table(headers, rows, alignments);
}

std::string winner_table(std::span<const ComparisonRow> comparisons) {
  Row headers{"workload", "threads",   "read ratio", "parameters", "among",
              "winner",   "runner-up", "margin",     "95 %",       "verdict"};
  std::vector<Align> alignments{Align::left, Align::right, Align::right, Align::left,  Align::left,
                                Align::left, Align::left,  Align::right, Align::right, Align::left};
  std::vector<Row> rows;
  for (const auto& row : comparisons) {
    if (row.scope == "twin") continue;
    const auto percent = [](double ratio) { return fmt::format("{:+.1f} %", 100 * (ratio - 1)); };
    rows.push_back(
        {row.point.workload, team_text(row.point, row.oversubscribed),
         workload_named(row.point.workload).has_read_ratio()
             ? fmt::format("{}", row.point.read_ratio)
             : "",
         others_text(row.point), row.scope == "any" ? "any ordering" : row.scope,
         row.winner +
             (row.winner_ordering == "priority_fifo" ? "" : " (" + row.winner_ordering + ")"),
         row.runner_up, percent(row.ratio),
         row.ratio_low && row.ratio_high
             ? fmt::format("{} … {}", percent(*row.ratio_low), percent(*row.ratio_high))
             : "-",
         row.tie ? "tie" : "wins"});
  }
  drop_empty_columns(headers, rows, alignments);
  return render_table(headers, rows, alignments);
}

std::string plan_table(const Plan& plan) {
  const Row headers{"case", "strategies", "window", "warm-up", "windows", "processes"};
  const std::vector<Align> alignments{Align::left,  Align::left,  Align::right,
                                      Align::right, Align::right, Align::right};
  const auto processes = plan.blocks.empty() ? 0 : plan.order.size() / plan.blocks.size();
  std::vector<Row> rows;
  for (const auto& block : plan.blocks) {
    Row names;
    for (const auto& label : block.labels) {
      names.push_back(label.strategy + (label.twin ? " (again)" : ""));
    }
    rows.push_back({block.id, fmt::format("{}", fmt::join(names, " ")),
                    fmt::format("{:.3g} ms", 1e3 * block.window_s),
                    fmt::format("{:.3g} ms", 1e3 * block.warm_up_s),
                    fmt::format("{}{}", plan.windows, block.sample_every != 0 ? " + 1" : ""),
                    fmt::format("{}", processes)});
  }
  return render_table(headers, rows, alignments);
}

}  // namespace lockbench
