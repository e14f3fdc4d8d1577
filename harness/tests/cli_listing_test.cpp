#include <sstream>

#include <nlohmann/json.hpp>

#include "harness/cli/listing.hpp"
#include "harness/recorder/csv.hpp"
#include "harness/tests/cli_fixture.hpp"
#include "harness/workloads/names.hpp"
#include "strategies/trait_names.hpp"

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

strategy    ordering           progress   waits  task_wait  conformance      tags
----------  -----------------  ---------  -----  ---------  ---------------  ----------
mutex       priority_fifo      blocking   parks  polls      full             lock basic
rwlock      priority_fifo      blocking   parks  polls      full             lock
moodycamel  fifo_per_producer  lock_free  never  polls      full             lockfree
unsafe      none               wait_free  never  polls      single_threaded  lock racy
null        none               wait_free  never  never      none

)");
  for (const auto& workload : workload_names) {
    EXPECT_NE(text.find(workload.summary), std::string::npos);
  }
}

TEST(ListCatalogue, as_csv_has_one_row_each_and_quotes_what_needs_it) {
  const auto text = list_catalogue(test::catalogue, Format::csv);
  const auto rows = csv_rows(text);
  ASSERT_EQ(rows.size(), 1 + test::catalogue.size() + workload_names.size());
  EXPECT_EQ(text.substr(0, text.find('\n')),
            "kind,name,ordering,progress,waits,task_wait,conformance,tags,source,summary");
  for (const auto& row : rows) EXPECT_EQ(row.size(), rows.front().size());
  EXPECT_EQ(rows[2],
            (std::vector<std::string>{"strategy", "rwlock", "priority_fifo", "blocking", "parks",
                                      "polls", "full", "lock", "C++ standard library",
                                      "readers share, \"writers\" do not"}));
  EXPECT_EQ(rows[test::catalogue.size() + 1][0], "workload");
}

TEST(ListCatalogue, as_json_keeps_every_trait) {
  const auto json = nlohmann::json::parse(list_catalogue(test::catalogue, Format::json));
  ASSERT_EQ(json.at("strategies").size(), test::catalogue.size());
  ASSERT_EQ(json.at("workloads").size(), workload_names.size());
  const nlohmann::json expected{{"name", "mutex"},
                                {"ordering", "priority_fifo"},
                                {"progress", "blocking"},
                                {"waits", "parks"},
                                {"task_wait", "polls"},
                                {"conformance", "full"},
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

TEST(ListColumns, shows_every_column_of_the_trials_in_each_format) {
  const auto columns = trial_columns();
  const auto rows = csv_rows(list_columns(columns, Format::csv));
  const auto json = nlohmann::json::parse(list_columns(columns, Format::json));
  const auto table = list_columns(columns, Format::table);
  ASSERT_EQ(rows.size(), columns.size() + 1);
  ASSERT_EQ(json.size(), columns.size());
  EXPECT_EQ(rows[0], (std::vector<std::string>{"name", "unit", "meaning"}));
  for (std::size_t i = 0; i < columns.size(); ++i) {
    EXPECT_EQ(rows[i + 1][0], columns[i].name);
    EXPECT_EQ(json[i].at("meaning"), columns[i].meaning);
    EXPECT_NE(table.find("\n" + std::string(columns[i].name)), std::string::npos);
  }
}

}  // namespace
}  // namespace lockbench
