#include <gtest/gtest.h>

#include <algorithm>

#include "harness/results/conclusion.hpp"
#include "harness/results/results_table.hpp"
#include "harness/results/summary.hpp"

namespace lockbench {
namespace {

constexpr double operations = 1e6;

/// A window in which an operation took so much CPU time, of which so much was calibrated work.
WindowRow window_of(const std::string& strategy, std::uint32_t process, double ns,
                    double work_ns = 0) {
  WindowRow row;
  row.strategy = strategy;
  row.case_id = strategy + "/mixed";
  row.process = process;
  row["operations"_figure] = operations;
  row["throughput_ops_s"_figure] = 1e9 / ns;
  row["cpu_s"_figure] = 1e-9 * ns * operations;
  row["overhead_s"_figure] = 1e-9 * (ns - work_ns) * operations;
  return row;
}

SummaryRow summary_of(const std::string& strategy, const std::vector<WindowRow>& rows) {
  const auto summary = summarise(rows);
  return *std::ranges::find(summary, strategy, &SummaryRow::strategy);
}

TEST(HarnessShare, is_what_null_takes_over_what_the_strategy_takes_paired_within_processes) {
  std::vector<WindowRow> rows;
  for (std::uint32_t process = 0; process < 5; ++process) {
    const double drift = 1 + process;  // of the machine: medians over processes would mix it up
    rows.push_back(window_of("null", process, 4 * drift));
    rows.push_back(window_of("mutex", process, 20 * drift));
  }
  rows.push_back(window_of("mutex", 9, 1));  // `null` did not survive this one
  EXPECT_DOUBLE_EQ(*summary_of("mutex", rows)["harness_share"_summary], 0.2);
  EXPECT_FALSE(summary_of("mutex", rows).harness_bound);
}

TEST(HarnessShare, has_nothing_to_say_of_null_nor_where_it_was_not_measured_or_waits) {
  const std::vector rows{window_of("null", 0, 4), window_of("mutex", 0, 8)};
  EXPECT_FALSE(summary_of("null", rows)["harness_share"_summary].has_value());
  EXPECT_FALSE(
      summary_of("mutex", {window_of("mutex", 0, 8)})["harness_share"_summary].has_value());
  for (const auto* const workload : {"open_loop", "handoff"}) {
    auto paced = rows;
    for (auto& row : paced) row.point.workload = workload;
    const auto mutex = summary_of("mutex", paced);
    EXPECT_FALSE(mutex["harness_share"_summary].has_value()) << workload;
    EXPECT_FALSE(mutex.harness_bound);
  }
}

TEST(HarnessShare, does_not_take_work_that_was_asked_for_as_the_harness) {
  const std::vector rows{window_of("null", 0, 1004, 1000), window_of("mutex", 0, 1040, 1000)};
  EXPECT_NEAR(*summary_of("mutex", rows)["harness_share"_summary], 4.0 / 1040, 1e-9);
  // Calibration is not exact, and nothing is less than nothing.
  const std::vector off{window_of("null", 0, 995, 1000), window_of("mutex", 0, 1040, 1000)};
  EXPECT_EQ(summary_of("mutex", off)["harness_share"_summary], 0.0);
}

TEST(HarnessShare, above_the_bound_is_a_flag_of_the_case_wherever_cases_are_shown) {
  const std::vector rows{window_of("null", 0, 4), window_of("mutex", 0, 8),
                         window_of("rwlock", 0, 4 / 0.3)};
  const auto summary = summarise(rows);
  EXPECT_TRUE(summary_of("mutex", rows).harness_bound);
  EXPECT_FALSE(summary_of("rwlock", rows).harness_bound) << "a bound itself does not flag";
  const auto table = case_table(summary);
  EXPECT_NE(table.find("harness bound: 50 %"), std::string::npos) << table;
  const auto file = summary_columns().text(summary);
  EXPECT_NE(file.find(",harness_share,harness_bound,"), std::string::npos) << file;
  EXPECT_NE(file.find(",0.5,1,"), std::string::npos) << file;
  Conclusion conclusion;
  conclusion.multimodal_cases = 2;
  conclusion.harness_bound_cases = 1;
  EXPECT_NE(conclusion_text(conclusion).find("2 cases multimodal, 1 case harness bound"),
            std::string::npos);
}

}  // namespace
}  // namespace lockbench
