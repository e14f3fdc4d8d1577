#include "harness/results/summary.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include "harness/results/columns_json.hpp"
#include "harness/results/comparison.hpp"
#include "harness/results/conclusion.hpp"

namespace lockbench {
namespace {

/// Rows as a run would write them, with throughputs that the test chooses.
class Rows {
public:
  WindowRow& add(const std::string& strategy, std::uint32_t process, double mops,
                 bool twin = false) {
    WindowRow row;
    row.strategy = strategy;
    row.twin = twin;
    row.ordering = strategy == "moodycamel" ? "fifo_per_producer" : "priority_fifo";
    row.block_id = "mixed/threads:1/read_ratio:0.5";
    row.case_id = strategy + "/" + row.block_id + (twin ? "@twin" : "");
    row.process = process;
    row["operations"_figure] = 1000000;
    row["throughput_ops_s"_figure] = mops * 1e6;
    row["cpu_s"_figure] = 0.05;
    row["fairness_jain"_figure] = 1;
    row["line_roundtrip_ns"_figure] = 100;
    rows.push_back(row);
    return rows.back();
  }
  std::vector<WindowRow> rows;
};

TEST(Summary, takes_one_value_a_process_and_the_median_over_processes) {
  Rows run;
  for (std::uint32_t process = 0; process < 6; ++process) {
    for (const double window : {1.0, 10.0, 100.0}) run.add("mutex", process, window + process);
  }
  const auto summary = summarise(run.rows);
  ASSERT_EQ(summary.size(), 1U);
  EXPECT_EQ(summary[0].processes, 6U);
  EXPECT_EQ(summary[0].windows, 18U);
  EXPECT_DOUBLE_EQ(*summary[0]["throughput_ops_s"_summary], 12.5e6);
  EXPECT_DOUBLE_EQ(*summary[0]["throughput_low_ops_s"_summary], 10e6);
  EXPECT_DOUBLE_EQ(*summary[0]["throughput_high_ops_s"_summary], 15e6);
  EXPECT_DOUBLE_EQ(*summary[0]["cpu_s_per_mop"_summary], 0.05);
}

TEST(Summary, keeps_lists_of_cpus_apart) {
  Rows run;
  run.add("mutex", 0, 1).point.pinning = Pinning::on({0, 1});
  run.add("mutex", 0, 2).point.pinning = Pinning::on({0, 2});
  run.add("mutex", 0, 3).point.pinning = Pinning::on({0, 1});
  const auto summary = summarise(run.rows);
  ASSERT_EQ(summary.size(), 2U);
  EXPECT_DOUBLE_EQ(*summary[0]["throughput_ops_s"_summary], 2e6);
  EXPECT_DOUBLE_EQ(*summary[1]["throughput_ops_s"_summary], 2e6);
  EXPECT_NE(summary_columns().text(summary).find(",cpus:0+2,"), std::string::npos);
}

TEST(Summary, names_the_kind_of_machine_once_and_every_machine_of_a_run) {
  Rows run;
  for (const auto* const machine : {"box-1", "box-2", "box-1"}) {
    auto& row = run.add("mutex", 0, 1);
    row.machine_kind = "box";
    row.machine = machine;
  }
  const auto summary = summarise(run.rows);
  EXPECT_EQ(summary[0].machine_kind, "box");
  EXPECT_EQ(summary[0].machine, "box-1; box-2");
}

TEST(Summary, has_no_interval_below_six_processes_and_uses_no_invalid_window) {
  Rows run;
  for (std::uint32_t process = 0; process < 5; ++process) run.add("mutex", process, 1);
  auto& lost = run.add("mutex", 5, 1000);
  lost.validity = Validity::from_text("overlap 0.50 below 0.9");
  const auto summary = summarise(run.rows);
  EXPECT_EQ(summary[0].valid_windows, 5U);
  EXPECT_DOUBLE_EQ(*summary[0]["throughput_ops_s"_summary], 1e6);
  EXPECT_FALSE(summary[0]["throughput_low_ops_s"_summary].has_value());
  EXPECT_EQ(summary[0].problem.text(), "");
}

TEST(Summary, says_when_a_strategy_failed_and_when_the_machine_changed) {
  Rows run;
  run.add("mutex", 0, 1);
  run.add("mutex", 1, 1)["line_roundtrip_ns"_figure] = 500;
  auto& crashed = run.add("rwlock", 0, 0);
  crashed.validity = Validity::from_text("crashed: killed by signal 6 (Aborted)");
  const auto summary = summarise(run.rows);
  EXPECT_TRUE(summary[0].several_regimes);
  EXPECT_EQ(summary[1].problem.text(), "crashed: killed by signal 6 (Aborted)");
  EXPECT_FALSE(summary[1]["throughput_ops_s"_summary].has_value());
}

TEST(Summary, tells_the_spread_over_processes_from_that_within_them) {
  Rows run;
  for (std::uint32_t process = 0; process < 8; ++process) {
    const double level = process % 2 == 0 ? 10 : 14;
    for (const double window : {0.999, 1.0, 1.001}) {
      run.add("mutex", process, level * window);
      run.add("rwlock", process, 12 * (1 + 100 * (window - 1)));
      run.add("unsafe", process, 1).validity.add(Invalid::violated);
    }
  }
  const auto summary = summarise(run.rows);
  EXPECT_NEAR(*summary[0]["throughput_cv"_summary], std::sqrt(32.0 / 7) / 12, 1e-9);
  EXPECT_GT(*summary[0]["throughput_icc"_summary], 0.99);
  EXPECT_TRUE(summary[0].multimodal);
  EXPECT_NEAR(*summary[1]["throughput_cv"_summary], 0, 1e-9);
  EXPECT_NEAR(*summary[1]["throughput_icc"_summary], -0.5, 1e-9);
  EXPECT_FALSE(summary[2]["throughput_cv"_summary] || summary[2]["throughput_icc"_summary] ||
               summary[2].multimodal);
}

TEST(Summary, has_no_spread_to_tell_from_one_process_or_one_window_a_process) {
  Rows run;
  for (int window = 0; window < 3; ++window) run.add("mutex", 0, 1 + window);
  for (std::uint32_t process = 0; process < 8; ++process) run.add("rwlock", process, 1 + process);
  const auto summary = summarise(run.rows);
  EXPECT_FALSE(summary[0]["throughput_cv"_summary] || summary[0]["throughput_icc"_summary]);
  EXPECT_TRUE(summary[1]["throughput_cv"_summary].has_value());
  EXPECT_FALSE(summary[1]["throughput_icc"_summary].has_value());
}

TEST(Summary, is_written_with_the_columns_of_the_spread_and_empty_cells_where_there_is_none) {
  Rows run;
  run.add("mutex", 0, 1);
  const auto file = summary_columns().text(summarise(run.rows));
  EXPECT_NE(file.find(",throughput_cv,throughput_icc,"), std::string::npos);
  EXPECT_NE(file.find(",multimodal,problem,flags,workload,"), std::string::npos);
  EXPECT_NE(file.find(",0,,,mixed,1,0,0,0.5,"), std::string::npos) << file;
}

TEST(Summary, as_json_has_figures_as_numbers_and_null_where_there_is_none) {
  Rows run;
  run.add("mutex", 0, 12.3456789);
  const auto json = json_of(summary_columns(), summarise(run.rows)).at(0);
  EXPECT_EQ(json.at("strategy"), "mutex");
  EXPECT_EQ(json.at("throughput_ops_s"), 12350000);
  EXPECT_EQ(json.at("cpu_s_per_mop"), 0.05);
  EXPECT_EQ(json.at("twin"), 0);
  EXPECT_TRUE(json.at("throughput_low_ops_s").is_null());
  EXPECT_TRUE(json.at("problem").is_null());
}

TEST(Summary, takes_throughput_from_undisturbed_windows_and_gaps_from_sampled_ones) {
  Rows run;
  for (std::uint32_t process = 0; process < 6; ++process) {
    run.add("mutex", process, 10);
    auto& sampled = run.add("mutex", process, 5);
    sampled.sample_every = 64;
    sampled["longest_gap_s"_figure] = 0.002;
  }
  const auto summary = summarise(run.rows);
  EXPECT_DOUBLE_EQ(*summary[0]["throughput_ops_s"_summary], 10e6);
  EXPECT_EQ(summary[0].windows, 12U);
  EXPECT_EQ(summary[0].sample_every, 64U);
  EXPECT_DOUBLE_EQ(*summary[0]["longest_gap_s"_summary], 0.002);
}

TEST(Summary, a_case_of_sampled_windows_alone_still_has_a_throughput) {
  Rows run;
  run.add("mutex", 0, 5).sample_every = 64;
  EXPECT_DOUBLE_EQ(*summarise(run.rows)[0]["throughput_ops_s"_summary], 5e6);
}

TEST(Summary, counts_the_flags_of_valid_windows) {
  Rows run;
  run.add("mutex", 0, 1).flags = "drained;stolen";
  run.add("mutex", 1, 1).flags = "drained";
  auto& lost = run.add("mutex", 2, 1);
  lost.flags = "drained";
  lost.validity.add(Invalid::overlap);
  EXPECT_EQ(summarise(run.rows)[0].flags, "drained x 2; stolen x 1");
}

TEST(Summary, rounds_to_four_digits_so_that_diffs_read_well) {
  Rows run;
  run.add("mutex", 0, 12.3456789);
  EXPECT_NE(summary_columns().text(summarise(run.rows)).find(",12350000,"), std::string::npos);
}

/// Two strategies whose machine drifts by a factor of three, while their ratio stays put.
Rows drifting(double ratio) {
  Rows run;
  for (std::uint32_t process = 0; process < 8; ++process) {
    const double drift = 1 + 0.3 * process;
    const double jitter = process % 2 == 0 ? 1.01 : 0.99;
    run.add("mutex", process, 5 * drift);
    run.add("mutex", process, 5 * drift * jitter, true);
    run.add("condvar", process, 5 * drift * ratio * jitter);
    run.add("null", process, 1000);
  }
  return run;
}

const ComparisonRow& scope(const std::vector<ComparisonRow>& rows, const std::string& name) {
  return *std::ranges::find(rows, name, &ComparisonRow::scope);
}

TEST(Compare, pairs_within_processes_so_drift_does_not_hide_a_five_percent_difference) {
  const auto comparisons = compare(drifting(1.05).rows);
  const auto& row = scope(comparisons, "priority_fifo");
  EXPECT_EQ(row.winner, "condvar");
  EXPECT_EQ(row.runner_up, "mutex");
  EXPECT_NEAR(row.ratio, 1.05, 0.005);
  EXPECT_FALSE(row.tie);
  EXPECT_LE(*row.ratio_low, 1.05);
  EXPECT_GE(*row.ratio_high, 1.05);
}

TEST(Compare, claims_no_symmetry_of_pairs_that_met_several_regimes) {
  auto run = drifting(1.05);
  EXPECT_EQ(scope(compare(run.rows), "any").interval, "signed_rank");
  for (auto& row : run.rows) {
    if (row.process % 2 == 0) row["line_roundtrip_ns"_figure] = 500;
  }
  const auto comparisons = compare(run.rows);
  for (const auto& row : comparisons) EXPECT_EQ(row.interval, "sign") << row.scope;
  std::vector<double> logs;
  std::map<std::uint32_t, double> mutex;
  for (const auto& row : run.rows) {
    if (row.strategy == "mutex" && !row.twin) {
      mutex[row.process] = *row["throughput_ops_s"_figure];
    }
  }
  for (const auto& row : run.rows) {
    if (row.strategy != "condvar" || row.twin) continue;
    logs.push_back(std::log(*row["throughput_ops_s"_figure] / mutex.at(row.process)));
  }
  const auto expected = median_with_interval(logs);
  EXPECT_DOUBLE_EQ(scope(comparisons, "any").ratio, std::exp(expected.value));
  EXPECT_DOUBLE_EQ(*scope(comparisons, "any").ratio_low, std::exp(expected.interval->low));
}

constexpr double planted_ratio = 1.05;

/// A strategy and one that is by `planted_ratio` slower, on a machine whose speed wanders by 10 %
/// from process to process and by 2 % from window to window.
Rows with_planted_cause(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> of_process(0.0, 0.10);
  std::normal_distribution<double> of_window(0.0, 0.02);
  Rows run;
  for (std::uint32_t process = 0; process < 12; ++process) {
    const double level = 5 * std::exp(of_process(random));
    for (int window = 0; window < 3; ++window) {
      run.add("mutex", process, level * std::exp(of_window(random)));
      run.add("condvar", process, level / planted_ratio * std::exp(of_window(random)));
    }
  }
  return run;
}

// What a whole analysis is for. The cause is known here, so an interval that misses it is at fault.
TEST(Compare, finds_a_planted_slow_down_of_five_percent_and_how_large_it_is) {
  constexpr int runs = 40;
  int medians_moved = 0;
  int intervals_hold_cause = 0;
  int differences_found = 0;
  for (std::uint64_t seed = 0; seed < runs; ++seed) {
    const auto rows = with_planted_cause(seed).rows;
    const auto summary = summarise(rows);
    const auto& slow = *std::ranges::find(summary, "condvar", &SummaryRow::strategy);
    const auto& fast = *std::ranges::find(summary, "mutex", &SummaryRow::strategy);
    const Interval of_slow{*slow["throughput_low_ops_s"_summary],
                           *slow["throughput_high_ops_s"_summary]};
    medians_moved += of_slow.contains(*fast["throughput_ops_s"_summary] / planted_ratio) ? 1 : 0;

    const auto comparisons = compare(rows);
    const auto& pair = scope(comparisons, "any");
    const Interval ratio = pair.winner == "mutex"
                               ? Interval{1 / *pair.ratio_high, 1 / *pair.ratio_low}
                               : Interval{*pair.ratio_low, *pair.ratio_high};
    intervals_hold_cause += ratio.contains(1 / planted_ratio) ? 1 : 0;
    differences_found += ratio.contains(1) ? 0 : 1;
  }
  EXPECT_EQ(medians_moved, runs);
  EXPECT_GE(intervals_hold_cause, runs * 9 / 10);
  EXPECT_GE(differences_found, runs * 9 / 10);
}

TEST(Compare, calls_equals_a_tie_and_reports_the_twin) {
  const auto comparisons = compare(drifting(1.0).rows);
  EXPECT_TRUE(scope(comparisons, "any").tie);
  const auto& twin = scope(comparisons, "twin");
  EXPECT_EQ(twin.winner, twin.runner_up);
  EXPECT_TRUE(twin.tie);
}

TEST(Compare, never_ranks_null_nor_what_breaks_its_contract) {
  auto run = drifting(1.05);
  for (std::uint32_t process = 0; process < 8; ++process) run.add("unsafe", process, 900);
  for (const auto& row : compare(run.rows)) {
    EXPECT_NE(row.winner, "null");
    EXPECT_NE(row.winner, "unsafe");
  }
}

TEST(Compare, ranks_nobody_in_an_open_loop_nor_who_does_no_critical_section_work_where_others_do) {
  auto run = drifting(1.05);
  for (auto& row : run.rows) row.point.load = 0.5;
  for (const auto& row : compare(run.rows)) EXPECT_EQ(row.scope, "twin");
  run = drifting(1.05);
  for (auto& row : run.rows) {
    row.point.critical_section_ns = 100;
    row.has_critical_section = row.strategy == "mutex";
  }
  for (const auto& row : compare(run.rows)) EXPECT_EQ(row.scope, "twin");
}

TEST(Compare, keeps_orderings_apart) {
  auto run = drifting(1.05);
  for (std::uint32_t process = 0; process < 8; ++process) run.add("moodycamel", process, 900);
  const auto comparisons = compare(run.rows);
  EXPECT_EQ(scope(comparisons, "any").winner, "moodycamel");
  EXPECT_EQ(scope(comparisons, "priority_fifo").winner, "condvar");
}

TEST(Compare, names_as_winner_the_one_that_the_pairs_call_faster) {
  Rows run;  // condvar has the higher median, but loses in most of the shared processes
  const double mutex[] = {1, 2, 3, 4, 5, 6, 7, 8};
  const double condvar[] = {0.9, 1.9, 2.9, 3.9, 6.5, 5.9, 6.9, 7.9};
  for (std::uint32_t process = 0; process < 8; ++process) {
    run.add("mutex", process, mutex[process]);
    run.add("condvar", process, condvar[process]);
  }
  for (const auto& row : compare(run.rows)) EXPECT_GE(row.ratio, 1);
}

TEST(NoiseFloor, is_the_ratio_of_a_strategy_to_itself) {
  const auto floor = noise_floor(drifting(1.05).rows);
  EXPECT_EQ(floor.blocks, 1U);
  EXPECT_NEAR(floor.ratio, 1, 0.011);
  ASSERT_TRUE(floor.interval.has_value());
  EXPECT_TRUE(floor.interval->contains(1));
}

TEST(Conclusion, a_violation_outweighs_a_failure_and_a_failure_an_empty_run) {
  Rows run;
  auto& lost = run.add("mutex", 0, 0);
  lost.validity = Validity::from_text("overlap 0.10 below 0.9");
  EXPECT_EQ(conclude(run.rows, 1, 1).exit_code(), ExitCode::inconclusive);
  auto& crashed = run.add("rwlock", 0, 0);
  crashed.validity = Validity::from_text("crashed: killed by signal 11 (Segmentation fault)");
  EXPECT_EQ(conclude(run.rows, 1, 1).exit_code(), ExitCode::failure);
  for (int window = 0; window < 2; ++window) {
    auto& broken = run.add("unsafe", 0, 1);
    broken.validity =
        Validity::from_text("violated: double_hand_outs=2 lost_updates=3; overlap 0.10 below 0.9");
  }
  const auto conclusion = conclude(run.rows, 1, 1);
  EXPECT_EQ(conclusion.exit_code(), ExitCode::violated);
  EXPECT_EQ(conclusion.violations.at(0), "unsafe: double_hand_outs=4 lost_updates=6");
}

TEST(Conclusion, out_of_memory_is_no_failure_of_a_strategy_but_no_success_either) {
  Rows run;
  run.add("mutex", 0, 1);
  EXPECT_EQ(conclude(run.rows, 1, 1).exit_code(), ExitCode::ok);
  auto& lost = run.add("rwlock", 0, 0);
  lost.validity = Validity::from_text("out of memory: killed by signal 9 (Killed)");
  const auto conclusion = conclude(run.rows, 1, 1);
  EXPECT_EQ(conclusion.exit_code(), ExitCode::inconclusive);
  EXPECT_TRUE(conclusion.failures.empty());
  const auto text = conclusion_text(conclusion);
  EXPECT_NE(text.find("OUT OF MEMORY  rwlock in "), std::string::npos) << text;
  EXPECT_NE(text.find("not: 1 x out of memory"), std::string::npos) << text;
  EXPECT_FALSE(lost.validity.crashed_or_hung());
}

TEST(Conclusion, says_what_timing_operations_changed_paired_within_processes) {
  Rows run;
  for (std::uint32_t process = 0; process < 8; ++process) {
    const double drift = 1 + process;
    run.add("mutex", process, 10 * drift);
    run.add("mutex", process, 9.8 * drift).sample_every = 64;
    run.add("null", process, 1000);
    run.add("null", process, 100).sample_every = 64;
  }
  const auto conclusion = conclude(run.rows, 1, 1);
  ASSERT_TRUE(conclusion.sampling_ratio.has_value());
  EXPECT_NEAR(conclusion.sampling_ratio->value, 0.98, 1e-9);
  EXPECT_NE(
      conclusion_text(conclusion).find("timing one operation in 64 changed throughput by -2.0 %"),
      std::string::npos);
}

TEST(Conclusion, says_what_was_lost_and_what_orchestration_took) {
  Rows run;
  run.add("null", 0, 200);
  auto& lost = run.add("mutex", 0, 0);
  lost.validity = Validity::from_text("overlap 0.10 below 0.9");
  const auto conclusion = conclude(run.rows, 10, 8);
  EXPECT_NEAR(conclusion.orchestration_share(), 0.2, 1e-12);
  const auto text = conclusion_text(conclusion);
  EXPECT_NE(text.find("1 of 2 windows valid (50.0 %); not: 1 x too little overlap"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("20 % of it orchestration"), std::string::npos) << text;
  EXPECT_NE(text.find("null takes 50.00 ns"), std::string::npos) << text;
}

}  // namespace
}  // namespace lockbench
