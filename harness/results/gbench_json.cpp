#include "harness/results/gbench_json.hpp"

#include <nlohmann/json.hpp>

namespace lockbench {
namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr double ns_per_s = 1e9;

Cell ns_per_operation(const Cell& throughput_ops_s) {
  return throughput_ops_s && *throughput_ops_s > 0 ? Cell(ns_per_s / *throughput_ops_s) : Cell();
}

Cell cpu_ns_per_operation(const WindowRow& window) {
  const auto operations = window["operations"_figure];
  const auto cpu_s = window["cpu_s"_figure];
  return operations && cpu_s && *operations > 0 ? Cell(*cpu_s / *operations * ns_per_s) : Cell();
}

/// The members that Google Benchmark's readers expect of every entry, in its order.
OrderedJson entry(const SummaryRow& row, std::string_view suffix, std::string_view run_type) {
  return {{"name", row.case_id + std::string(suffix)},
          {"run_name", row.case_id},
          {"run_type", run_type},
          {"repetitions", row.processes},
          {"threads", row.point.threads}};
}

void add_times(OrderedJson& json, const Cell& real_ns, const Cell& cpu_ns) {
  json["real_time"] = real_ns.value_or(0);
  json["cpu_time"] = cpu_ns.value_or(0);
  json["time_unit"] = "ns";
}

void add_repetitions(OrderedJson& benchmarks, const SummaryRow& row, const Case& group) {
  const auto operations = medians_of(group.valid, "operations"_figure);
  const auto cpu_ns = medians_of(group.valid, cpu_ns_per_operation);
  std::uint32_t repetition = 0;
  for (const auto& [process, throughput] : medians_of(group.valid, "throughput_ops_s"_figure)) {
    auto json = entry(row, "", "iteration");
    json["repetition_index"] = repetition++;
    json["iterations"] = static_cast<std::uint64_t>(operations.at(process));
    const auto cpu = cpu_ns.find(process);
    add_times(json, ns_per_operation(throughput), cpu == cpu_ns.end() ? Cell() : cpu->second);
    json["items_per_second"] = throughput;
    benchmarks.push_back(std::move(json));
  }
}

void add_aggregate(OrderedJson& benchmarks, const SummaryRow& row, std::string_view name,
                   const Cell& throughput, const Cell& cpu_ns, bool with_counters) {
  if (!throughput) return;
  auto json = entry(row, "_" + std::string(name), "aggregate");
  json["aggregate_name"] = name;
  json["aggregate_unit"] = "time";
  json["iterations"] = row.processes;
  add_times(json, ns_per_operation(throughput), cpu_ns);
  json["items_per_second"] = *throughput;
  for (std::size_t i = 0; with_counters && i < summary_figures.size(); ++i) {
    if (row.values[i]) json[std::string(summary_figures[i].column.name)] = *row.values[i];
  }
  benchmarks.push_back(std::move(json));
}

OrderedJson context_of(const nlohmann::json& run) {
  const auto text = [&](const char* key) { return run.value(key, std::string()); };
  const auto build = run.value("build", nlohmann::json::object());
  return {{"date", text("started_utc")},
          {"executable", "bench"},
          {"num_cpus", run.value("usable_cpus", 0.0)},
          {"library_build_type", build.value("recordable", false) ? "release" : "debug"},
          {"run_id", text("run_id")},
          {"commit", text("commit")}};
}

}  // namespace

OrderedJson gbench_json(const Cases& cases, std::span<const SummaryRow> summary,
                        const nlohmann::json& context) {
  auto benchmarks = OrderedJson::array();
  for (const auto& row : summary) {
    const auto& group = cases.at({row.point, row.strategy, row.twin});
    const auto throughput = row["throughput_ops_s"_summary];
    if (!throughput) {
      auto json = entry(row, "", "iteration");
      json["error_occurred"] = true;
      json["error_message"] = row.problem.text();
      add_times(json, {}, {});
      benchmarks.push_back(std::move(json));
      continue;
    }
    add_repetitions(benchmarks, row, group);
    const auto cpu_s = row["cpu_s_per_mop"_summary];
    const Cell cpu_ns = cpu_s ? Cell(*cpu_s * ns_per_s / 1e6) : Cell();
    add_aggregate(benchmarks, row, "median", throughput, cpu_ns, true);
    add_aggregate(benchmarks, row, "interval_low", row["throughput_high_ops_s"_summary], cpu_ns,
                  false);
    add_aggregate(benchmarks, row, "interval_high", row["throughput_low_ops_s"_summary], cpu_ns,
                  false);
  }
  return {{"context", context_of(context)}, {"benchmarks", benchmarks}};
}

}  // namespace lockbench
