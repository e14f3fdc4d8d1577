#include "harness/results/window_row.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "harness/base/errors.hpp"
#include "harness/results/csv.hpp"
#include "harness/results/process_record.hpp"

namespace lockbench {
namespace {

std::string to_csv(const WindowRow& row) {
  return trial_columns().line(row);
}
WindowRow row_from_csv(const std::string& line) {
  WindowRow row;
  trial_columns().read_line(line, row);
  return row;
}

TEST(Csv, quotes_only_what_must_be_quoted_and_reads_it_back) {
  const std::vector<std::string> fields{"plain", "a,b", "say \"hi\"", "two\nlines", ""};
  EXPECT_EQ(csv::join(fields), "plain,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",");
  EXPECT_EQ(csv::split(csv::join(fields)), fields);
  EXPECT_THROW((void)csv::split("\"open"), Error);
}

// The columns that the first release promises.
TEST(Row, has_the_promised_columns_once_each) {
  const auto promised = csv::split(
      "schema_version,run_id,case_id,block_id,strategy,ordering,workload,threads,producers,"
      "consumers,read_ratio,priorities,prefill,payload_bytes,capacity,pinning,process,window,"
      "duration_s,operations,reads,writes,empty_takes,throughput_ops_s,fairness_jain,"
      "min_thread_share,cpu_s,voluntary_switches,involuntary_switches,overlap,line_roundtrip_ns,"
      "spin_loop_ns,oversubscribed,valid,invalid_reason,machine_kind,machine");
  const auto header = csv::split(trial_columns().header());
  const std::set<std::string> names(header.begin(), header.end());
  EXPECT_EQ(names.size(), header.size());
  for (const auto& name : promised) EXPECT_TRUE(names.contains(name)) << name;
}

TEST(Row, is_written_as_it_always_was) {
  WindowRow row;
  row.run_id = "20260101T000000Z-abc-host";
  row.case_id = "mutex/mixed/threads:2/read_ratio:0.5";
  row.block_id = "mixed/threads:2/read_ratio:0.5";
  row.strategy = "mutex";
  row.ordering = "priority_fifo";
  row.point.threads = 2;
  row.point.capacity = 4096;
  row.process = 3;
  row.layout = 7;
  row["duration_s"_figure] = 0.015;
  row["operations"_figure] = 30;
  row["reads"_figure] = 10;
  row["writes"_figure] = 20;
  row["throughput_ops_s"_figure] = 2000;
  row.validity.add(Invalid::violated, "lost_updates=1");
  row.validity.add(Invalid::overlap, "0.10 below 0.9");
  row.seed = 18446744073709551615U;
  row.cpus = "0+1";
  row.memory = "node:0";
  row.machine_kind = "box";
  row.machine = "box-1";
  const std::string promised =
      "1,20260101T000000Z-abc-host,mutex/mixed/threads:2/read_ratio:0.5,"
      "mixed/threads:2/read_ratio:0.5,mutex,0,3,0,priority_fifo,7,0,18446744073709551615,0,0,0,0,0,"
      "0+1,node:0,0,violated: lost_updates=1; overlap 0.10 below 0.9,,mixed,2,0,0,0.5,16,1024,16,"
      "4096,compact,0,none,0,none,0,none,uniform,0,0,0,poisson,";
  // Figures stand after all parameters, of which there may be new ones.
  EXPECT_NE(to_csv(row).find(",0.015,30,10,20,0,0,0,0,0,0,2000,,"), std::string::npos);
  EXPECT_TRUE(to_csv(row).starts_with(promised)) << to_csv(row);
  EXPECT_TRUE(to_csv(row).ends_with(",box,box-1")) << to_csv(row);
  EXPECT_EQ(to_csv(row_from_csv(to_csv(row))), to_csv(row));
}

TEST(Row, keeps_its_placement_and_why_memory_was_not_bound) {
  WindowRow row;
  row.point.pinning = Pinning::on({4, 0});
  row.cpus = "4+0+4";
  row.memory = "unbound: said \"no\", twice";
  const auto copy = row_from_csv(to_csv(row));
  EXPECT_EQ(copy.point.pinning, row.point.pinning);
  EXPECT_EQ(copy.cpus, row.cpus);
  EXPECT_EQ(copy.memory, row.memory);
  EXPECT_NE(to_csv(row).find(",cpus:4+0,"), std::string::npos) << to_csv(row);
}

TEST(Row, a_value_that_does_not_fit_is_named_with_its_column) {
  std::string line = to_csv(WindowRow{});
  line.replace(line.find("mixed"), 5, "mixed,two");  // one field too many
  EXPECT_THROW((void)row_from_csv(line), Error);
  WindowRow row;
  row.strategy = "x";
  row["cycles"_figure] = 8;
  line = to_csv(row);
  line.replace(line.rfind('8'), 1, "nine");
  try {
    (void)row_from_csv(line);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("cycles cannot hold 'nine'"), std::string::npos)
        << error.what();
  }
}

TEST(Row, travels_from_child_to_parent_exactly) {
  WindowRow row;
  row.case_id = "mutex/\"mixed\"";
  row.seed = 18446744073709551615U;
  row.point.pinning = Pinning::on({4, 0});
  row.machine_kind = "box";
  row.machine = "box-1";
  row["throughput_ops_s"_figure] = 1.0 / 3;
  row.validity.add(Invalid::unfit_build, "built with assertions");
  LatencyRow latency{row, LatencyKind::sojourn, {}};
  for (std::uint64_t ns = 1; ns < 100'000; ns *= 3) latency.histogram.record(ns);
  ThreadRow thread{row};
  thread.values[2] = 7;
  const auto copy = record_from_line(to_line({{row}, {latency}, {thread}}));
  ASSERT_EQ(copy.rows.size(), 1U);
  EXPECT_EQ(to_csv(copy.rows[0]), to_csv(row));
  EXPECT_EQ(copy.rows[0].values, row.values);
  EXPECT_EQ(copy.rows[0].validity, row.validity);
  ASSERT_EQ(copy.latencies.size(), 1U);
  EXPECT_EQ(copy.latencies[0].kind, latency.kind);
  EXPECT_EQ(copy.latencies[0].histogram, latency.histogram);
  EXPECT_EQ(copy.latencies[0].case_id, row.case_id);
  ASSERT_EQ(copy.threads.size(), 1U);
  EXPECT_EQ(copy.threads[0].values, thread.values);
}

TEST(Row, of_a_window_that_never_ran_has_counts_of_zero_and_no_other_figures) {
  const auto fields = csv::split(to_csv(WindowRow{}));
  const auto header = csv::split(trial_columns().header());
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (header[i] == "operations" || header[i] == "late_cancels") {
      EXPECT_EQ(fields[i], "0");
    } else if (header[i] == "duration_s" || header[i] == "cycles") {
      EXPECT_EQ(fields[i], "");
    }
  }
}

TEST(Row, of_a_window_in_which_the_process_was_stopped_is_invalid) {
  BlockTask task;
  task.block.labels = {{.strategy = "mutex"}};
  MeasuredWindow window;
  window.outcome.measurement.tally.reads = 1;
  window.outcome.measurement.overlap = 1;
  EXPECT_TRUE(row_of(task, window).valid());
  window.stopped_s = 3.21;
  const auto row = row_of(task, window);
  EXPECT_EQ(row.validity.text(), "suspended: stopped for 3.2 s");
  EXPECT_EQ(row.validity.first_kind(), "suspended");
}

TEST(Validity, is_read_back_from_the_text_that_files_hold) {
  for (const auto* const text :
       {"", "violated: lost_updates=1; overlap 0.10 below 0.9",
        "crashed: exited with code 1: said; this, and that", "hung: no end after 10 s",
        "out of memory: killed by signal 9 (Killed): said; this",
        "not measured: failed here before", "no operation succeeded; built with assertions",
        "suspended: stopped for 3.2 s; overlap 0.10 below 0.9", "built as Debug, not as Release"}) {
    EXPECT_EQ(Validity::from_text(text).text(), text);
  }
  EXPECT_TRUE(Validity::from_text("").valid());
  const auto both = Validity::from_text("overlap 0.10 below 0.9; built with assertions");
  ASSERT_NE(both.find(Invalid::overlap), nullptr);
  EXPECT_EQ(both.find(Invalid::overlap)->detail, "0.10 below 0.9");
  EXPECT_NE(both.find(Invalid::unfit_build), nullptr);
  EXPECT_EQ(both.find(Invalid::violated), nullptr);
  EXPECT_EQ(both.first_kind(), "too little overlap");
}

}  // namespace
}  // namespace lockbench
