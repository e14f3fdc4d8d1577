/// The parent's side of a pitfall, against children that behave badly. The runner starts this program as
/// its child, so main() is written here.

#include "harness/pitfalls/runner.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <thread>

#include "harness/pitfalls/shown_json.hpp"

namespace lockbench {
namespace {

constexpr std::chrono::milliseconds patience{20'000};

/// It is never run: a child stands in for it.
Pitfall called(std::string_view name) {
  return {.name = name, .summary = "invented", .rule = "None.", .run = nullptr};
}

void say(const Shown& shown) {
  fmt::print("{}\n", nlohmann::json(shown).dump());
}

int bad_child(std::string_view name, std::string_view dose) {
  if (name == "crash") std::abort();
  if (name == "hang") std::this_thread::sleep_for(std::chrono::hours(1));
  if (name == "mumble") fmt::print("{{\"shown\": tr");
  if (name == "complain") fmt::print(stderr, "no room\n");
  if (name == "complain") return 1;
  if (name == "flood") {
    for (int i = 0; i < 20'000; ++i) fmt::print(stderr, "a line that fills the pipe\n");
    say({.shown = true});
  }
  if (name == "first") say({.shown = true, .happened = std::string(dose)});
  if (name == "third") say({.shown = dose == "16", .happened = std::string(dose)});
  if (name == "never") say({.happened = std::string(dose)});
  if (name == "hopeless") say({.no_dose_helps = true, .happened = std::string(dose)});
  return 0;
}

TEST(PitfallRunner, reports_what_the_child_saw) {
  const auto outcome = run_pitfall(called("first"), patience);
  ASSERT_TRUE(outcome.report) << outcome.what;
  EXPECT_TRUE(outcome.report->result.shown);
  EXPECT_EQ(outcome.report->pitfall, "first");
  EXPECT_EQ(outcome.report->dose, 1U);
  EXPECT_EQ(outcome.report->rule, "None.");
}

TEST(PitfallRunner, raises_the_dose_until_it_shows) {
  const auto outcome = run_pitfall(called("third"), patience);
  ASSERT_TRUE(outcome.report) << outcome.what;
  EXPECT_TRUE(outcome.report->result.shown);
  EXPECT_EQ(outcome.report->dose, 16U);
  EXPECT_EQ(outcome.report->result.happened, "16");
}

TEST(PitfallRunner, gives_up_after_four_doses) {
  const auto outcome = run_pitfall(called("never"), patience);
  ASSERT_TRUE(outcome.report) << outcome.what;
  EXPECT_FALSE(outcome.report->result.shown);
  EXPECT_EQ(outcome.report->result.happened, "64");
}

TEST(PitfallRunner, does_not_insist_where_no_dose_helps) {
  const auto outcome = run_pitfall(called("hopeless"), patience);
  ASSERT_TRUE(outcome.report) << outcome.what;
  EXPECT_EQ(outcome.report->result.happened, "1");
}

TEST(PitfallRunner, kills_a_child_that_hangs) {
  const auto start = std::chrono::steady_clock::now();
  const auto outcome = run_pitfall(called("hang"), std::chrono::milliseconds(300));
  EXPECT_FALSE(outcome.report);
  EXPECT_EQ(outcome.what, "hung: no end after 0.3 s");
  EXPECT_LT(std::chrono::steady_clock::now() - start, patience);
}

TEST(PitfallRunner, says_how_a_child_crashed) {
  const auto outcome = run_pitfall(called("crash"), patience);
  EXPECT_FALSE(outcome.report);
  EXPECT_EQ(outcome.what, "killed by signal 6 (Aborted)");
}

TEST(PitfallRunner, passes_on_what_a_child_complains_about) {
  const auto outcome = run_pitfall(called("complain"), patience);
  EXPECT_FALSE(outcome.report);
  EXPECT_EQ(outcome.what, "ended with exit code 1: no room\n");
}

TEST(PitfallRunner, takes_half_a_message_for_none) {
  EXPECT_FALSE(run_pitfall(called("mumble"), patience).report);
  EXPECT_FALSE(run_pitfall(called("silent"), patience).report);
}

TEST(PitfallRunner, is_not_blocked_by_a_child_that_writes_much) {
  const auto outcome = run_pitfall(called("flood"), patience);
  EXPECT_TRUE(outcome.report) << outcome.what;
}

}  // namespace
}  // namespace lockbench

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() == 4 && words[0] == "child") return lockbench::bad_child(words[2], words[3]);
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
