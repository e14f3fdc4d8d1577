#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "harness/base/errors.hpp"
#include "harness/results/csv.hpp"
#include "harness/results/results_directory.hpp"
#include "harness/results/row.hpp"

namespace lockbench {
namespace {

namespace fs = std::filesystem;

class RecorderTest : public testing::Test {
protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "lockbench-test-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = fs::path(name) / "run";
  }
  void TearDown() override { fs::remove_all(directory_.parent_path()); }

  /// A directory with two finished processes of two rows each, and an empty context.
  void write_run() const {
    auto results = ResultsDirectory::create(directory_);
    results.replace("context.json", "{}");
    results.append({"block", 0}, record_of({row("mutex"), row("null")}));
    results.append({"block", 1}, record_of({row("mutex"), row("null")}));
  }
  [[nodiscard]] static WindowRow row(const std::string& strategy) {
    WindowRow row;
    row.strategy = strategy;
    row.block_id = "block";
    return row;
  }
  /// With a line in each of the other files, too.
  [[nodiscard]] static ProcessRecord record_of(std::vector<WindowRow> rows) {
    return {.rows = std::move(rows), .latency_lines = {"latency"}, .thread_lines = {"thread"}};
  }
  [[nodiscard]] std::string text_of(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(directory_ / name, std::ios::binary).rdbuf();
    return text.str();
  }
  void append_text(const std::string& name, const std::string& text) const {
    std::ofstream(directory_ / name, std::ios::app | std::ios::binary) << text;
  }
  /// The message of the `Error` that `action` throws, which must have `code`.
  template <class Action>
  static std::string message_of(ExitCode code, Action&& action) {
    try {
      action();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code);
      return error.what();
    }
    ADD_FAILURE() << "nothing was thrown";
    return "";
  }

  fs::path directory_;
};

TEST(Csv, quotes_only_what_must_be_quoted_and_reads_it_back) {
  const std::vector<std::string> fields{"plain", "a,b", "say \"hi\"", "two\nlines", ""};
  EXPECT_EQ(csv::join(fields), "plain,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",");
  EXPECT_EQ(csv::split(csv::join(fields)), fields);
  EXPECT_THROW((void)csv::split("\"open"), Error);
}

// The columns that the first release promises, in their order; others may only follow.
TEST(Row, has_the_promised_columns_in_the_promised_order) {
  const std::string promised =
      "schema_version,run_id,case_id,block_id,strategy,ordering,workload,threads,producers,"
      "consumers,read_ratio,priorities,prefill,payload_bytes,capacity,pinning,process,window,"
      "duration_s,operations,reads,writes,empty_takes,throughput_ops_s,fairness_jain,"
      "min_thread_share,cpu_s,voluntary_switches,involuntary_switches,overlap,line_roundtrip_ns,"
      "spin_loop_ns,oversubscribed,valid,invalid_reason";
  EXPECT_TRUE(trials_header().starts_with(promised + ",")) << trials_header();
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
  row.duration_s = 0.015;
  row.operations = 30;
  row.reads = 10;
  row.writes = 20;
  row.throughput_ops_s = 2000;
  row.valid = false;
  row.invalid_reason = "violated: lost_updates=1; overlap 0.10 below 0.9";
  row.seed = 18446744073709551615U;
  row.cpus = "0+1";
  row.memory = "node:0";
  const std::string promised =
      "1,20260101T000000Z-abc-host,mutex/mixed/threads:2/read_ratio:0.5,"
      "mixed/threads:2/read_ratio:0.5,mutex,priority_fifo,mixed,2,0,0,0.5,16,1024,16,4096,"
      "compact,3,0,0.015,30,10,20,0,2000,,,,,,,,,0,0,"
      "violated: lost_updates=1; overlap 0.10 below 0.9,0,0,0,,,,,18446744073709551615,0,"
      "0,none,0,none,0,none,uniform,0,0,0,poisson,";
  EXPECT_TRUE(to_csv(row).starts_with(promised)) << to_csv(row);
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
  row.cycles = 8;
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

TEST_F(RecorderTest, what_was_appended_is_there_after_reopening) {
  write_run();
  const auto results = ResultsDirectory::reopen(directory_);
  EXPECT_EQ(results.read_rows().size(), 4U);
  EXPECT_TRUE(results.finished().contains({"block", 1}));
  EXPECT_FALSE(results.finished().contains({"block", 2}));
}

TEST_F(RecorderTest, rows_of_an_unfinished_process_are_cut_off_and_no_others) {
  write_run();
  const auto whole = text_of("trials.csv");
  append_text("trials.csv", to_csv(row("mutex")) + "\n" + to_csv(row("null")).substr(0, 20));
  append_text("finished.csv", "block,2");  // the journal's line was cut off too
  const auto results = ResultsDirectory::reopen(directory_);
  EXPECT_EQ(text_of("trials.csv"), whole);
  EXPECT_EQ(results.finished().size(), 2U);
}

TEST_F(RecorderTest, a_directory_in_use_is_not_overwritten) {
  write_run();
  const auto message =
      message_of(ExitCode::usage, [&] { (void)ResultsDirectory::create(directory_); });
  EXPECT_NE(message.find("exists already"), std::string::npos);
  const auto results = ResultsDirectory::reopen(directory_);
  const auto locked =
      message_of(ExitCode::failure, [&] { (void)ResultsDirectory::reopen(directory_); });
  EXPECT_NE(locked.find("another run"), std::string::npos);
}

TEST_F(RecorderTest, a_directory_that_is_not_a_run_is_refused) {
  fs::create_directories(directory_);
  (void)message_of(ExitCode::usage, [&] { (void)ResultsDirectory::reopen(directory_); });
  (void)message_of(ExitCode::usage, [&] { (void)ResultsDirectory::reopen("/nonexistent"); });
}

TEST_F(RecorderTest, a_foreign_or_damaged_file_is_refused_with_its_line) {
  write_run();
  auto text = text_of("trials.csv");
  text.replace(text.find("mutex"), 5, "mu,ex");
  std::ofstream(directory_ / "trials.csv", std::ios::binary) << text;
  const auto message =
      message_of(ExitCode::failure, [&] { (void)ResultsDirectory::reopen(directory_); });
  EXPECT_NE(message.find("trials.csv:2: "), std::string::npos) << message;

  std::ofstream(directory_ / "trials.csv", std::ios::binary)
      << std::string(text.size(), 'x').append("\n");
  const auto foreign =
      message_of(ExitCode::failure, [&] { (void)read_trials(directory_ / "trials.csv"); });
  EXPECT_NE(foreign.find("not the header"), std::string::npos);

  std::ofstream(directory_ / "trials.csv", std::ios::binary) << "short\n";
  const auto shorter =
      message_of(ExitCode::failure, [&] { (void)ResultsDirectory::reopen(directory_); });
  EXPECT_NE(shorter.find("is damaged"), std::string::npos);
}

TEST_F(RecorderTest, a_cut_off_or_empty_trials_file_is_named) {
  write_run();
  append_text("trials.csv", "cut off");
  EXPECT_NE(message_of(ExitCode::failure, [&] { (void)read_trials(directory_ / "trials.csv"); })
                .find("trials.csv:6: the last line is cut off"),
            std::string::npos);
  std::ofstream(directory_ / "trials.csv", std::ios::trunc).flush();
  EXPECT_NE(message_of(ExitCode::failure, [&] { (void)read_trials(directory_ / "trials.csv"); })
                .find("empty"),
            std::string::npos);
}

// A limit on the size of files stands for a full disk: the write fails in the middle of the rows.
TEST_F(RecorderTest, a_full_disk_loses_nothing_that_was_recorded) {
  write_run();
  const auto whole = text_of("trials.csv");
  auto results = ResultsDirectory::reopen(directory_);
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const rlimit tight{whole.size() + 10, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &tight);
  const auto message = message_of(ExitCode::failure, [&] {
    results.append({"block", 2}, record_of({row("mutex"), row("null")}));
  });
  ::setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_NE(message.find("2 processes are recorded"), std::string::npos) << message;
  EXPECT_EQ(text_of("trials.csv"), whole);
  results.append({"block", 2}, record_of({row("mutex"), row("null")}));
  EXPECT_EQ(results.read_rows().size(), 6U);
}

}  // namespace
}  // namespace lockbench
