#include <fmt/format.h>

#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/base/json_text.hpp"
#include "harness/base/text/table.hpp"
#include "harness/base/trait_names.hpp"
#include "harness/cli/strategy_selection.hpp"
#include "harness/results/comparison.hpp"
#include "harness/results/csv.hpp"
#include "harness/results/latency_row.hpp"
#include "harness/results/service_level.hpp"
#include "harness/results/summary.hpp"
#include "harness/results/thread_row.hpp"
#include "harness/verbs/verbs.hpp"
#include "harness/workloads/catalogue.hpp"

namespace lockbench {
namespace {

using OrderedJson = nlohmann::ordered_json;  // keys stay in the order of the table
using Fields = std::vector<std::string>;

OrderedJson described(const StrategyTraits& traits) {
  return {{"name", traits.name},
          {"ordering", to_string(traits.ordering)},
          {"progress", to_string(traits.progress)},
          {"waits", to_string(traits.waits)},
          {"task_wait", to_string(traits.task_wait)},
          {"conformance", to_string(traits.conformance)},
          {"consistency", to_string(traits.consistency)},
          {"tags", tags_of({&traits, 1})},
          {"source", traits.source},
          {"summary", traits.summary}};
}

OrderedJson catalogue_json(std::span<const StrategyTraits> catalogue) {
  auto strategies = OrderedJson::array();
  for (const auto& traits : catalogue) strategies.push_back(described(traits));
  auto workloads = OrderedJson::array();
  for (const auto& workload : workload_catalogue()) {
    workloads.push_back({{"name", workload.name}, {"summary", workload.summary}});
  }
  return {{"strategies", strategies}, {"workloads", workloads}};
}

/// A row for each object: its values under `keys`, and nothing where it has no such key.
std::vector<Fields> rows_of(const OrderedJson& objects, const Fields& keys) {
  std::vector<Fields> rows;
  for (const auto& object : objects) {
    auto& row = rows.emplace_back();
    for (const auto& key : keys) {
      const auto value = object.value(key, OrderedJson(""));
      row.push_back(value.is_string() ? value.get<std::string>()
                                      : fmt::format("{}", fmt::join(value.get<Fields>(), " ")));
    }
  }
  return rows;
}

/// A line for each object, behind `prefix`.
std::string csv_of(const OrderedJson& objects, const Fields& keys, const std::string& prefix = "") {
  std::string text;
  for (const auto& row : rows_of(objects, keys)) text += prefix + csv::join(row) + "\n";
  return text;
}

/// Two tables of strategies: one as wide as all traits and the texts would not fit any terminal.
std::string catalogue_table(const OrderedJson& catalogue) {
  const auto table = [](std::string first_header, Fields keys, const OrderedJson& objects) {
    const auto rows = rows_of(objects, keys);
    keys.front() = std::move(first_header);
    return render_table(keys, rows, {});
  };
  const auto& strategies = catalogue["strategies"];
  return table("strategy", {"name", "summary", "source"}, strategies) + "\n" +
         table("strategy",
               {"name", "ordering", "progress", "waits", "task_wait", "conformance", "consistency",
                "tags"},
               strategies) +
         "\n" + table("workload", {"name", "summary"}, catalogue["workloads"]);
}

std::string catalogue_csv(const OrderedJson& catalogue) {
  const Fields keys{"name",        "ordering", "progress", "waits",   "task_wait",
                    "conformance", "tags",     "source",   "summary", "consistency"};
  return "kind," + csv::join(keys) + "\n" + csv_of(catalogue["strategies"], keys, "strategy,") +
         csv_of(catalogue["workloads"], keys, "workload,");
}

}  // namespace

std::string list_catalogue(std::span<const StrategyTraits> catalogue, Format format) {
  const auto json = catalogue_json(catalogue);
  if (format == Format::json) return json_text(json);
  return format == Format::csv ? catalogue_csv(json) : catalogue_table(json);
}

std::vector<FileColumns> columns_of_files() {
  return {{"trials.csv", trial_columns().descriptions()},
          {"latency.csv", latency_columns().descriptions()},
          {"histograms.csv", bucket_columns().descriptions()},
          {"threads.csv", thread_columns().descriptions()},
          {"summary.csv", summary_columns().descriptions()},
          {"comparisons.csv", comparison_columns().descriptions()},
          {"slo.csv", service_level_columns().descriptions()}};
}

std::string list_columns(std::span<const FileColumns> files, Format format) {
  auto json = OrderedJson::array();
  for (const auto& [file, columns] : files) {
    for (const auto& [name, unit, meaning, empty] : columns) {
      json.push_back(
          {{"file", file}, {"name", name}, {"unit", unit}, {"meaning", meaning}, {"empty", empty}});
    }
  }
  if (format == Format::json) return json_text(json);
  const Fields headers{"file", "name", "unit", "meaning", "empty"};
  return format == Format::csv ? csv::join(headers) + "\n" + csv_of(json, headers)
                               : render_table(headers, rows_of(json, headers), {});
}

}  // namespace lockbench
