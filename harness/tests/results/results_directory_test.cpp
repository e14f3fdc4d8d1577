#include "harness/results/results_directory.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "harness/base/errors.hpp"
#include "harness/results/run_record.hpp"

namespace lockbench {
namespace {

namespace fs = std::filesystem;

class ResultsDirectoryTest : public testing::Test {
protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "lockbench-test-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = fs::path(name) / "run";
  }
  void TearDown() override { fs::remove_all(directory_.parent_path()); }

  /// A directory with two finished processes of two rows each, and an empty context.
  void write_run() const {
    auto results = ResultsDirectory::create(directory_, &empty_context);
    results.append({"block", 0}, record_of({row("mutex"), row("null")}));
    results.append({"block", 1}, record_of({row("mutex"), row("null")}));
  }
  [[nodiscard]] static std::string empty_context(const fs::path& /*directory*/) { return "{}"; }
  [[nodiscard]] static WindowRow row(const std::string& strategy) {
    WindowRow row;
    row.strategy = strategy;
    row.block_id = "block";
    return row;
  }
  /// With a line in each of the other files, too.
  [[nodiscard]] static ProcessRecord record_of(std::vector<WindowRow> rows) {
    LatencyRow latency{rows.front(), LatencyKind::add, {}};
    latency.histogram.record(10);
    return {.rows = std::move(rows), .latencies = {latency}, .threads = {ThreadRow{latency}}};
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

TEST_F(ResultsDirectoryTest, what_was_appended_is_there_after_reopening) {
  write_run();
  const auto results = ResultsDirectory::reopen(directory_);
  EXPECT_EQ(results.read_rows().size(), 4U);
  EXPECT_TRUE(results.finished().contains({"block", 1}));
  EXPECT_FALSE(results.finished().contains({"block", 2}));
}

TEST_F(ResultsDirectoryTest, a_resumed_record_holds_what_the_directory_holds) {
  write_run();
  RunRecord record(ResultsDirectory::reopen(directory_));
  EXPECT_EQ(record.rows().size(), 4U);
  EXPECT_TRUE(record.finished().contains({"block", 1}));
  record.append({"block", 2}, record_of({row("mutex")}));
  EXPECT_EQ(record.rows().size(), 5U);
  EXPECT_EQ(record.directory().read_rows().size(), 5U);
}

TEST_F(ResultsDirectoryTest, rows_of_an_unfinished_process_are_cut_off_and_no_others) {
  write_run();
  const auto whole = text_of("trials.csv");
  append_text("trials.csv", trial_columns().line(row("mutex")) + "\n" +
                                trial_columns().line(row("null")).substr(0, 20));
  append_text("finished.csv", "block,2");  // the journal's line was cut off too
  const auto results = ResultsDirectory::reopen(directory_);
  EXPECT_EQ(text_of("trials.csv"), whole);
  EXPECT_EQ(results.finished().size(), 2U);
}

TEST_F(ResultsDirectoryTest, histograms_are_numbered_on_when_a_run_is_resumed) {
  write_run();
  append_text("latency.csv", "cut off");
  append_text("histograms.csv", "1,3,10");
  ResultsDirectory::reopen(directory_).append({"block", 2}, record_of({row("mutex")}));
  EXPECT_EQ(text_of("histograms.csv"),
            bucket_columns().header() + "\n1,1,10,1\n1,2,10,1\n1,3,10,1\n");
  const auto results = ResultsDirectory::reopen(directory_);
  EXPECT_NO_THROW((void)read_latencies(results.path(), results.read_rows()));
}

TEST_F(ResultsDirectoryTest, a_directory_in_use_is_not_overwritten) {
  write_run();
  const auto message = message_of(
      ExitCode::usage, [&] { (void)ResultsDirectory::create(directory_, &empty_context); });
  EXPECT_NE(message.find("exists already"), std::string::npos);
  const auto results = ResultsDirectory::reopen(directory_);
  const auto locked =
      message_of(ExitCode::failure, [&] { (void)ResultsDirectory::reopen(directory_); });
  EXPECT_NE(locked.find("another run"), std::string::npos);
}

TEST_F(ResultsDirectoryTest, a_directory_that_is_not_a_run_is_refused) {
  fs::create_directories(directory_);
  (void)message_of(ExitCode::usage, [&] { (void)ResultsDirectory::reopen(directory_); });
  (void)message_of(ExitCode::usage, [&] { (void)ResultsDirectory::reopen("/nonexistent"); });
}

TEST_F(ResultsDirectoryTest, a_foreign_or_damaged_file_is_refused_with_its_line) {
  write_run();
  auto text = text_of("trials.csv");
  text.replace(text.find("mutex"), 5, "mu,ex");
  std::ofstream(directory_ / "trials.csv", std::ios::binary) << text;
  const auto message =
      message_of(ExitCode::failure, [&] { (void)RunRecord(ResultsDirectory::reopen(directory_)); });
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

TEST_F(ResultsDirectoryTest, a_cut_off_or_empty_trials_file_is_named) {
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

TEST_F(ResultsDirectoryTest, trials_of_another_version_are_read_by_the_names_of_their_columns) {
  fs::create_directory(directory_);
  append_text("trials.csv",
              "strategy,invented,schema_version,case_id,process,throughput_ops_s,valid\n"
              "mutex,7,1,mutex/mixed,3,5.5,1\n");
  const auto rows = read_trials_by_name(directory_ / "trials.csv");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].strategy, "mutex");
  EXPECT_EQ(rows[0].case_id, "mutex/mixed");
  EXPECT_EQ(rows[0].process, 3U);
  EXPECT_EQ(rows[0]["throughput_ops_s"_figure], Cell(5.5));
  EXPECT_EQ(rows[0]["duration_s"_figure], Cell());
  append_text("trials.csv", "mutex,7,1,mutex/mixed,3,fast,1\n");
  const auto message =
      message_of(ExitCode::failure, [&] { (void)read_trials_by_name(directory_ / "trials.csv"); });
  EXPECT_NE(message.find("column throughput_ops_s cannot hold 'fast'"), std::string::npos);
}

TEST_F(ResultsDirectoryTest, a_file_without_cases_is_no_trials_file) {
  fs::create_directory(directory_);
  append_text("trials.csv", "a,b\n1,2\n");
  const auto message =
      message_of(ExitCode::failure, [&] { (void)read_trials_by_name(directory_ / "trials.csv"); });
  EXPECT_NE(message.find("not the header"), std::string::npos);
}

// A limit on the size of files stands for a full disk: the write fails in the middle of the rows.
TEST_F(ResultsDirectoryTest, a_full_disk_loses_nothing_that_was_recorded) {
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
  EXPECT_NE(message.find("2 processes are recorded: make room, then go on by: bench --resume " +
                         directory_.string()),
            std::string::npos)
      << message;
  EXPECT_EQ(text_of("trials.csv"), whole);
  results.append({"block", 2}, record_of({row("mutex"), row("null")}));
  EXPECT_EQ(results.read_rows().size(), 6U);
}

TEST_F(ResultsDirectoryTest, a_failed_start_leaves_nothing_behind) {
  const auto parent = directory_.parent_path();
  const auto no_context = [](const fs::path&) -> std::string { throw failure("no context"); };
  (void)message_of(ExitCode::failure, [&] {
    (void)ResultsDirectory::create(directory_ / "deeper" / "still/", no_context);
  });
  EXPECT_TRUE(fs::is_empty(parent));
  (void)message_of(ExitCode::failure, [&] {
    (void)ResultsDirectory::create_numbered(directory_ / "run", no_context);
  });
  EXPECT_TRUE(fs::is_empty(parent));
}

TEST_F(ResultsDirectoryTest, a_failed_start_keeps_what_was_there_before) {
  const auto fails_in_company = [](const fs::path& directory) -> std::string {
    std::ofstream(directory / "precious.txt") << "somebody else's";
    throw failure("no context");
  };
  fs::create_directory(directory_);
  (void)message_of(ExitCode::failure,
                   [&] { (void)ResultsDirectory::create(directory_, fails_in_company); });
  EXPECT_EQ(text_of("precious.txt"), "somebody else's");
  EXPECT_FALSE(fs::exists(directory_ / "trials.csv"));
}

TEST_F(ResultsDirectoryTest, a_context_that_cannot_be_written_leaves_nothing_behind) {
  const auto full_disk = [](const fs::path& directory) -> std::string {
    fs::create_directory(directory / "context.json.part");  // cannot be opened for writing
    return "{}";
  };
  (void)message_of(ExitCode::failure,
                   [&] { (void)ResultsDirectory::create(directory_, full_disk); });
  EXPECT_FALSE(fs::exists(directory_ / "finished.csv"));
}

// Both found the same empty directory; the files of the one that came first are not touched.
TEST_F(ResultsDirectoryTest, a_run_that_begins_in_the_directory_of_another_leaves_it_alone) {
  fs::create_directory(directory_);
  const auto outer = ResultsDirectory::create(directory_, [&](const fs::path&) {
    (void)message_of(ExitCode::usage,
                     [&] { (void)ResultsDirectory::create(directory_, &empty_context); });
    return "{}";
  });
  EXPECT_EQ(text_of("context.json"), "{}");
  EXPECT_TRUE(fs::exists(directory_ / "trials.csv"));
}

TEST_F(ResultsDirectoryTest, runs_of_one_name_get_directories_of_their_own) {
  const auto first = ResultsDirectory::create_numbered(directory_, &empty_context);
  const auto second = ResultsDirectory::create_numbered(directory_, &empty_context);
  const auto third = ResultsDirectory::create_numbered(
      directory_, [](const fs::path& path) { return path.filename().string(); });
  EXPECT_EQ(first.path(), directory_);
  EXPECT_EQ(second.path().filename(), "run-2");
  EXPECT_EQ(third.path().filename(), "run-3");
  EXPECT_EQ(text_of("../run-3/context.json"), "run-3");
}

}  // namespace
}  // namespace lockbench
