#include "harness/results/sample_shortage.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/results/conclusion.hpp"
#include "harness/results/results_table.hpp"

namespace lockbench {
namespace {

/// A case of which `samples` calls were timed, one in `every`, in sampled windows of 15 ms.
class TimedCase {
public:
  explicit TimedCase(std::uint32_t every, std::uint64_t samples,
                     LatencyKind kind = LatencyKind::all) {
    for (const std::uint32_t sample_every : {0U, every}) {
      WindowRow row;
      row.strategy = "mutex";
      row.case_id = "mutex/mixed/threads:1";
      row.window = sample_every;
      row.window_s = 0.015;
      row.sample_every = sample_every;
      row["throughput_ops_s"_figure] = 1e6;
      rows_.push_back(row);
    }
    latencies_ = LatencyDigest(rows_);
    add(kind, samples);
  }
  void add(LatencyKind kind, std::uint64_t samples) {
    LatencyRow row{rows_.back(), kind, {}};
    for (std::uint64_t i = 0; i < samples; ++i) row.histogram.record(100);
    latencies_.add(row);
  }
  [[nodiscard]] std::vector<SummaryRow> summary() const { return summarise(rows_, latencies_); }
  [[nodiscard]] std::string remedy() const {
    const auto shortage = sample_shortage(summary());
    return shortage ? shortage->remedy : "";
  }

private:
  std::vector<WindowRow> rows_;
  LatencyDigest latencies_;
};

TEST(SampleShortage, is_none_from_the_samples_on_that_give_a_p99) {
  EXPECT_EQ(TimedCase(256, 1000).remedy(), "");
  const auto summary = TimedCase(256, 999).summary();
  EXPECT_FALSE(summary[0]["latency_p99_ns"_summary].has_value());
  EXPECT_EQ(sample_shortage(summary)->samples, 999U);
}

TEST(SampleShortage, names_a_sampling_that_would_do_where_there_is_one) {
  // 234 of 1000 are short by a factor of 4.3, and half as much again to be sure.
  EXPECT_EQ(TimedCase(256, 234).remedy(), "--sample 39");
  EXPECT_EQ(TimedCase(2, 800).remedy(), "--sample 1");
}

TEST(SampleShortage, names_a_window_where_timing_every_operation_is_not_enough) {
  EXPECT_EQ(TimedCase(10, 30).remedy(), "--sample 1 and --window 75ms");
  EXPECT_EQ(TimedCase(1, 300).remedy(), "--window 75ms");
}

TEST(SampleShortage, names_processes_too_where_no_window_may_be_that_long) {
  EXPECT_EQ(TimedCase(1, 0).remedy(), "--window 23s");
  auto summary = TimedCase(1, 0).summary();
  summary[0].window_s = 1;
  EXPECT_EQ(sample_shortage(summary)->remedy, "--window 60s --processes 25");
}

TEST(SampleShortage, of_tasks_and_hand_overs_is_not_cured_by_sampling_since_all_are_timed) {
  TimedCase handoffs(1, 5000);
  handoffs.add(LatencyKind::handoff, 500);
  EXPECT_EQ(handoffs.remedy(), "--window 45ms");
}

TEST(SampleShortage, of_tasks_is_told_for_the_quantile_of_a_service_level_too) {
  SummaryRow row;
  row.processes = 1;
  row.point.load = 0.5;
  row.window_s = 0.2;
  row["sojourn_samples"_summary] = 6000;
  EXPECT_FALSE(sample_shortage({&row, 1}).has_value());
  EXPECT_FALSE(sample_shortage({&row, 1}, ServiceLevel{"p50", 1}).has_value());
  const auto shortage = sample_shortage({&row, 1}, ServiceLevel{"p99_9", 1});
  ASSERT_TRUE(shortage.has_value());
  EXPECT_EQ(shortage->quantile, "p99_9");
  EXPECT_EQ(shortage->needed, 10'000U);
  EXPECT_EQ(shortage->remedy, "--window 500ms");
  row["sojourn_samples"_summary] = 500;
  EXPECT_EQ(sample_shortage({&row, 1})->remedy, "--window 600ms");
}

TEST(SampleShortage, is_nothing_to_say_of_where_nothing_was_to_be_timed) {
  WindowRow row;
  row["throughput_ops_s"_figure] = 1e6;
  EXPECT_FALSE(sample_shortage(summarise({&row, 1})).has_value());
}

TEST(SampleShortage, is_told_in_the_table_at_the_end_of_the_run_and_in_its_context) {
  const auto summary = TimedCase(256, 234).summary();
  const auto table = case_table(summary);
  EXPECT_NE(table.find("p99: 234 of 1000 samples"), std::string::npos) << table;
  Conclusion conclusion;
  conclusion.sample_shortage = sample_shortage(summary);
  EXPECT_NE(conclusion_text(conclusion)
                .find("too few samples in 1 case: for its p99 mutex/mixed/threads:1 has 234 of "
                      "1000; --sample 39 would do\n"),
            std::string::npos);
  const auto object = to_json(conclusion).at("sample_shortage");
  EXPECT_EQ(object.at("remedy"), "--sample 39");
  EXPECT_EQ(object.at("needed"), 1000);
  EXPECT_TRUE(to_json(Conclusion{}).at("sample_shortage").is_null());
}

}  // namespace
}  // namespace lockbench
