#include "harness/results/gbench_json.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include <nlohmann/json.hpp>

namespace lockbench {
namespace {

/// Six processes of one strategy, with 1 to 6 million operations a second in two windows each.
std::vector<WindowRow> six_processes() {
  std::vector<WindowRow> rows;
  for (std::uint32_t process = 0; process < 6; ++process) {
    for (int window = 0; window < 2; ++window) {
      auto& row = rows.emplace_back();
      row.case_id = "mutex/mixed";
      row.strategy = "mutex";
      row.process = process;
      row["throughput_ops_s"_figure] = 1e6 * (process + 1);
      row["operations"_figure] = 1000;
      row["cpu_s"_figure] = 2e-3;
    }
  }
  return rows;
}

nlohmann::ordered_json converted(const std::vector<WindowRow>& rows) {
  const auto cases = cases_of(rows);
  return gbench_json(cases, summarise(cases), {{"run_id", "a run"}});
}

TEST(GbenchJson, has_a_repetition_for_each_process_and_aggregates_after_them) {
  const auto json = converted(six_processes());
  EXPECT_EQ(json.at("context").at("run_id"), "a run");
  const auto& entries = json.at("benchmarks");
  ASSERT_EQ(entries.size(), 6U + 3U);
  for (std::size_t i = 0; i < 6; ++i) {
    const auto& entry = entries.at(i);
    EXPECT_EQ(entry.at("run_type"), "iteration");
    EXPECT_EQ(entry.at("repetition_index"), i);
    EXPECT_DOUBLE_EQ(entry.at("real_time"), 1e3 / (static_cast<double>(i) + 1));
    EXPECT_DOUBLE_EQ(entry.at("cpu_time"), 2000);
  }
  EXPECT_EQ(entries.at(6).at("name"), "mutex/mixed_median");
  EXPECT_DOUBLE_EQ(entries.at(6).at("items_per_second"), 3.5e6);
  EXPECT_DOUBLE_EQ(entries.at(6).at("throughput_low_ops_s"), 1e6);
  EXPECT_EQ(entries.at(7).at("aggregate_name"), "interval_low");
  EXPECT_DOUBLE_EQ(entries.at(7).at("real_time"), 1e3 / 6);
  EXPECT_DOUBLE_EQ(entries.at(8).at("real_time"), 1e3);
}

TEST(GbenchJson, of_a_case_without_valid_windows_is_an_error) {
  auto rows = six_processes();
  for (auto& row : rows) row.validity.add(Invalid::crashed, "killed by signal 6 (Aborted)");
  const auto entries = converted(rows).at("benchmarks");
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries.at(0).at("error_occurred"), true);
  EXPECT_EQ(entries.at(0).at("error_message"), "crashed: killed by signal 6 (Aborted)");
}

}  // namespace
}  // namespace lockbench
