#include "harness/cli/listing.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/base/text/table.hpp"
#include "harness/results/csv.hpp"
#include "harness/results/latency_row.hpp"
#include "harness/results/service_level.hpp"
#include "harness/results/summary.hpp"
#include "harness/results/thread_row.hpp"
#include "harness/workloads/names.hpp"
#include "strategies/trait_names.hpp"

namespace lockbench {
namespace {

using Json = nlohmann::ordered_json;  // keys stay in the order of the table
using Row = std::vector<std::string>;

std::vector<std::string_view> tags_of(const StrategyTraits& traits) {
  std::vector<std::string_view> tags;
  std::ranges::copy_if(traits.tags, std::back_inserter(tags),
                       [](std::string_view tag) { return !tag.empty(); });
  return tags;
}

std::string joined_tags(const StrategyTraits& traits) {
  std::string text;
  for (const auto tag : tags_of(traits)) {
    if (!text.empty()) text += ' ';
    text += tag;
  }
  return text;
}

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

/// Two tables: one as wide as all traits and the texts would not fit any terminal.
std::string catalogue_table(std::span<const StrategyTraits> catalogue) {
  std::vector<Row> texts;
  std::vector<Row> traits_of;
  for (const auto& traits : catalogue) {
    const std::string name(traits.name);
    texts.push_back({name, std::string(traits.summary), std::string(traits.source)});
    traits_of.push_back(
        {name, std::string(to_string(traits.ordering)), std::string(to_string(traits.progress)),
         std::string(to_string(traits.waits)), std::string(to_string(traits.task_wait)),
         std::string(to_string(traits.conformance)), std::string(to_string(traits.consistency)),
         joined_tags(traits)});
  }
  std::vector<Row> workloads;
  workloads.reserve(workload_names.size());
  for (const auto& workload : workload_names) {
    workloads.push_back({std::string(workload.name), std::string(workload.summary)});
  }
  return table_of({"strategy", "summary", "source"}, texts) + "\n" +
         table_of({"strategy", "ordering", "progress", "waits", "task_wait", "conformance",
                   "consistency", "tags"},
                  traits_of) +
         "\n" + table_of({"workload", "summary"}, workloads);
}

std::string catalogue_csv(std::span<const StrategyTraits> catalogue) {
  std::vector<Row> rows{{"kind", "name", "ordering", "progress", "waits", "task_wait",
                         "conformance", "tags", "source", "summary", "consistency"}};
  for (const auto& traits : catalogue) {
    rows.push_back({"strategy", std::string(traits.name), std::string(to_string(traits.ordering)),
                    std::string(to_string(traits.progress)), std::string(to_string(traits.waits)),
                    std::string(to_string(traits.task_wait)),
                    std::string(to_string(traits.conformance)), joined_tags(traits),
                    std::string(traits.source), std::string(traits.summary),
                    std::string(to_string(traits.consistency))});
  }
  for (const auto& workload : workload_names) {
    rows.push_back({"workload", std::string(workload.name), "", "", "", "", "", "", "",
                    std::string(workload.summary), ""});
  }
  return csv_of(rows);
}

std::string catalogue_json(std::span<const StrategyTraits> catalogue) {
  Json strategies = Json::array();
  for (const auto& traits : catalogue) {
    strategies.push_back({{"name", traits.name},
                          {"ordering", to_string(traits.ordering)},
                          {"progress", to_string(traits.progress)},
                          {"waits", to_string(traits.waits)},
                          {"task_wait", to_string(traits.task_wait)},
                          {"conformance", to_string(traits.conformance)},
                          {"consistency", to_string(traits.consistency)},
                          {"tags", tags_of(traits)},
                          {"source", traits.source},
                          {"summary", traits.summary}});
  }
  Json workloads = Json::array();
  for (const auto& workload : workload_names) {
    workloads.push_back({{"name", workload.name}, {"summary", workload.summary}});
  }
  return text_of({{"strategies", strategies}, {"workloads", workloads}});
}

}  // namespace

std::string list_catalogue(std::span<const StrategyTraits> catalogue, Format format) {
  switch (format) {
    case Format::table: return catalogue_table(catalogue);
    case Format::csv: return catalogue_csv(catalogue);
    case Format::json: return catalogue_json(catalogue);
  }
  return {};
}

std::vector<FileColumns> columns_of_files() {
  return {{"trials.csv", trial_columns()},           {"latency.csv", latency_columns()},
          {"threads.csv", thread_columns()},         {"summary.csv", summary_columns()},
          {"comparisons.csv", comparison_columns()}, {"slo.csv", service_level_columns()}};
}

std::string list_columns(std::span<const FileColumns> files, Format format) {
  const Row headers{"file", "name", "unit", "meaning"};
  std::vector<Row> rows;
  Json json = Json::array();
  for (const auto& [file, columns] : files) {
    for (const auto& [name, unit, meaning] : columns) {
      rows.push_back(
          {std::string(file), std::string(name), std::string(unit), std::string(meaning)});
      json.push_back({{"file", file}, {"name", name}, {"unit", unit}, {"meaning", meaning}});
    }
  }
  switch (format) {
    case Format::table: return table_of(headers, rows);
    case Format::csv: return csv::join(headers) + "\n" + csv_of(rows);
    case Format::json: return text_of(json);
  }
  return {};
}

}  // namespace lockbench
