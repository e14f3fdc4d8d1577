#include <fmt/format.h>

#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/base/text/table.hpp"
#include "harness/results/comparison.hpp"
#include "harness/results/csv.hpp"
#include "harness/results/latency_row.hpp"
#include "harness/results/service_level.hpp"
#include "harness/results/summary.hpp"
#include "harness/results/thread_row.hpp"
#include "harness/verbs/verbs.hpp"
#include "harness/workloads/catalogue.hpp"
#include "strategies/trait_names.hpp"

namespace lockbench {
namespace {

using Json = nlohmann::ordered_json;  // keys stay in the order of the table
using Row = std::vector<std::string>;

std::string csv_of(const std::vector<Row>& rows) {
  std::string text;
  for (const auto& row : rows) text += csv::join(row) + "\n";
  return text;
}

std::string table_of(const Row& headers, const std::vector<Row>& rows) {
  return render_table(headers, rows, {});
}

std::string text_of(const Json& json) {
  return json.dump(2) + "\n";
}

Json described(const StrategyTraits& traits) {
  Json tags = Json::array();
  for (const auto tag : traits.tags) {
    if (!tag.empty()) tags.push_back(tag);
  }
  return {{"name", traits.name},
          {"ordering", to_string(traits.ordering)},
          {"progress", to_string(traits.progress)},
          {"waits", to_string(traits.waits)},
          {"task_wait", to_string(traits.task_wait)},
          {"conformance", to_string(traits.conformance)},
          {"consistency", to_string(traits.consistency)},
          {"tags", tags},
          {"source", traits.source},
          {"summary", traits.summary}};
}

Json catalogue_json(std::span<const StrategyTraits> catalogue) {
  Json strategies = Json::array();
  for (const auto& traits : catalogue) strategies.push_back(described(traits));
  Json workloads = Json::array();
  for (const auto& workload : workload_catalogue()) {
    workloads.push_back({{"name", workload.name}, {"summary", workload.summary}});
  }
  return {{"strategies", strategies}, {"workloads", workloads}};
}

/// A row for each object: its values under `keys`, and nothing where it has no such key.
std::vector<Row> rows_of(const Json& objects, const Row& keys) {
  std::vector<Row> rows;
  for (const auto& object : objects) {
    auto& row = rows.emplace_back();
    for (const auto& key : keys) {
      const auto value = object.value(key, Json(""));
      row.push_back(value.is_string() ? value.get<std::string>()
                                      : fmt::format("{}", fmt::join(value.get<Row>(), " ")));
    }
  }
  return rows;
}

/// Two tables of strategies: one as wide as all traits and the texts would not fit any terminal.
std::string catalogue_table(const Json& catalogue) {
  const Row texts{"name", "summary", "source"};
  const Row traits{"name",      "ordering",    "progress",    "waits",
                   "task_wait", "conformance", "consistency", "tags"};
  const auto table = [](std::string first_header, Row keys, const Json& objects) {
    const auto rows = rows_of(objects, keys);
    keys.front() = std::move(first_header);
    return table_of(keys, rows);
  };
  return table("strategy", texts, catalogue["strategies"]) + "\n" +
         table("strategy", traits, catalogue["strategies"]) + "\n" +
         table("workload", {"name", "summary"}, catalogue["workloads"]);
}

std::string catalogue_csv(const Json& catalogue) {
  const Row keys{"name",        "ordering", "progress", "waits",   "task_wait",
                 "conformance", "tags",     "source",   "summary", "consistency"};
  std::string text = "kind," + csv::join(keys) + "\n";
  for (const auto& row : rows_of(catalogue["strategies"], keys)) {
    text += "strategy," + csv::join(row) + "\n";
  }
  for (const auto& row : rows_of(catalogue["workloads"], keys)) {
    text += "workload," + csv::join(row) + "\n";
  }
  return text;
}

}  // namespace

std::string list_catalogue(std::span<const StrategyTraits> catalogue, Format format) {
  const auto json = catalogue_json(catalogue);
  switch (format) {
    case Format::table: return catalogue_table(json);
    case Format::csv: return catalogue_csv(json);
    case Format::json: return text_of(json);
  }
  return {};
}

std::vector<FileColumns> columns_of_files() {
  return {{"trials.csv", trial_columns().descriptions()},
          {"latency.csv", latency_columns().descriptions()},
          {"threads.csv", thread_columns().descriptions()},
          {"summary.csv", summary_columns().descriptions()},
          {"comparisons.csv", comparison_columns().descriptions()},
          {"slo.csv", service_level_columns().descriptions()}};
}

std::string list_columns(std::span<const FileColumns> files, Format format) {
  const Row headers{"file", "name", "unit", "meaning", "empty"};
  Json json = Json::array();
  for (const auto& [file, columns] : files) {
    for (const auto& [name, unit, meaning, empty] : columns) {
      json.push_back(
          {{"file", file}, {"name", name}, {"unit", unit}, {"meaning", meaning}, {"empty", empty}});
    }
  }
  const auto rows = rows_of(json, headers);
  switch (format) {
    case Format::table: return table_of(headers, rows);
    case Format::csv: return csv::join(headers) + "\n" + csv_of(rows);
    case Format::json: return text_of(json);
  }
  return {};
}

}  // namespace lockbench
