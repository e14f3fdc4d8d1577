#include <sstream>

#include <nlohmann/json.hpp>

#include "harness/base/trait_names.hpp"
#include "harness/results/csv.hpp"
#include "harness/tests/cli/fixture.hpp"
#include "harness/verbs/verbs.hpp"
#include "harness/workloads/catalogue.hpp"

namespace lockbench {
namespace {

std::vector<std::vector<std::string>> csv_rows(const std::string& text) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) rows.push_back(csv::split(line));
  return rows;
}

TEST(TraitNames, are_spelled_as_in_the_contract) {
  static_assert(to_string(Ordering::fifo_per_producer) == "fifo_per_producer");
  static_assert(to_string(Progress::lock_free) == "lock_free");
  static_assert(to_string(Waits::spins_then_parks) == "spins_then_parks");
  static_assert(to_string(TaskWait::polls) == "polls");
  static_assert(to_string(Conformance::single_threaded) == "single_threaded");
}

TEST(ListCatalogue, as_a_table_shows_texts_traits_and_workloads) {
  const auto text = list_catalogue(test::catalogue, Format::table);
  EXPECT_EQ(text.substr(0, text.find("workload")),
            R"(strategy    summary                          source
----------  -------------------------------  ----------------------
mutex       one mutex around everything      C++ standard library
rwlock      readers share, "writers" do not  C++ standard library
moodycamel  a queue a thread                 a package, version 1.0
unsafe      check and act apart              nobody
null        does nothing                     nobody

strategy    ordering           progress   waits  task_wait  conformance      consistency   tags
----------  -----------------  ---------  -----  ---------  ---------------  ------------  ----------
mutex       priority_fifo      blocking   parks  polls      full             linearizable  lock basic
rwlock      priority_fifo      blocking   parks  polls      full             linearizable  lock
moodycamel  fifo_per_producer  lock_free  never  polls      full             per_task      lockfree
unsafe      none               wait_free  never  polls      single_threaded  linearizable  lock racy
null        none               wait_free  never  never      none             linearizable

)");
  for (const auto& workload : workload_catalogue()) {
    EXPECT_NE(text.find(workload.summary), std::string::npos);
  }
}

TEST(ListCatalogue, as_csv_has_one_row_each_and_quotes_what_needs_it) {
  const auto text = list_catalogue(test::catalogue, Format::csv);
  const auto rows = csv_rows(text);
  ASSERT_EQ(rows.size(), 1 + test::catalogue.size() + workload_catalogue().size());
  EXPECT_EQ(text.substr(0, text.find('\n')),
            "kind,name,ordering,progress,waits,task_wait,conformance,tags,source,summary,"
            "consistency");
  for (const auto& row : rows) EXPECT_EQ(row.size(), rows.front().size());
  EXPECT_EQ(rows[2],
            (std::vector<std::string>{"strategy", "rwlock", "priority_fifo", "blocking", "parks",
                                      "polls", "full", "lock", "C++ standard library",
                                      "readers share, \"writers\" do not", "linearizable"}));
  EXPECT_EQ(rows[test::catalogue.size() + 1][0], "workload");
}

TEST(ListCatalogue, as_json_keeps_every_trait) {
  const auto json = nlohmann::json::parse(list_catalogue(test::catalogue, Format::json));
  ASSERT_EQ(json.at("strategies").size(), test::catalogue.size());
  ASSERT_EQ(json.at("workloads").size(), workload_catalogue().size());
  const nlohmann::json expected{{"name", "mutex"},
                                {"ordering", "priority_fifo"},
                                {"progress", "blocking"},
                                {"waits", "parks"},
                                {"task_wait", "polls"},
                                {"conformance", "full"},
                                {"consistency", "linearizable"},
                                {"tags", {"lock", "basic"}},
                                {"source", "C++ standard library"},
                                {"summary", "one mutex around everything"}};
  EXPECT_EQ(json.at("strategies").at(0), expected);
  EXPECT_TRUE(json.at("strategies").at(4).at("tags").empty());
}

TEST(ListCatalogue, without_strategies_is_still_well_formed) {
  const auto json = nlohmann::json::parse(list_catalogue({}, Format::json));
  EXPECT_TRUE(json.at("strategies").is_array());
  EXPECT_NE(list_catalogue({}, Format::table), "");
}

TEST(ListColumns, shows_every_column_of_every_file_in_each_format) {
  const auto files = columns_of_files();
  const auto rows = csv_rows(list_columns(files, Format::csv));
  const auto json = nlohmann::json::parse(list_columns(files, Format::json));
  const auto table = list_columns(files, Format::table);
  EXPECT_EQ(rows.at(0), (std::vector<std::string>{"file", "name", "unit", "meaning", "empty"}));
  std::size_t place = 0;
  for (const auto& [file, columns] : files) {
    EXPECT_FALSE(columns.empty()) << file;
    for (const auto& column : columns) {
      EXPECT_EQ(rows.at(place + 1)[0], file);
      EXPECT_EQ(rows.at(place + 1)[1], column.name);
      EXPECT_EQ(json.at(place).at("meaning"), column.meaning);
      EXPECT_EQ(json.at(place).at("empty"), column.empty);
      EXPECT_NE(table.find(column.name), std::string::npos);
      ++place;
    }
  }
  EXPECT_EQ(rows.size(), place + 1);
  EXPECT_EQ(json.size(), place);
}

}  // namespace
}  // namespace lockbench
