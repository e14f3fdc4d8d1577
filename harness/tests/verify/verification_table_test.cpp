/// What was verified, as text and as data.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/verify/verification.hpp"
#include "strategies/mutex.hpp"

namespace lockbench {
namespace {

using verify::Check;

VerifiedStrategy sound() {
  VerifiedStrategy strategy{
      .traits = MutexTaskQueue::traits, .verification = {.what = {}, .result = {}}, .history = {}};
  auto& result = strategy.verification.result;
  result.rounds = 3;
  result.operations = 120;
  result.seconds = 1.5;
  result.checks[Check::conservation] = {.linearizable = 2};
  result.checks[Check::contract] = {.linearizable = 1, .unknown = 1, .why_unknown = "too long"};
  result.stops = {.stops = 2, .stalls = 2, .stopped_s = 0.03};
  return strategy;
}

VerifiedStrategy broken() {
  auto strategy = sound();
  strategy.traits.name = "unsafe";
  strategy.history = "a,b.jsonl";
  strategy.verification.result.violation = verify::Violation{
      .check = Check::order,
      .round = "order",
      .verdict = {.judgement = verify::Judgement::violated, .reason = "wrong", .witnesses = {}},
      .recorded = {},
      .found_after_s = 0.25};
  return strategy;
}

VerifiedStrategy crashed() {
  auto strategy = sound();
  strategy.verification.end = ChildEnd::crashed;
  strategy.verification.what = "killed by signal 11 (Segmentation fault)";
  return strategy;
}

TEST(VerificationTable, has_a_row_a_strategy_with_what_was_decided) {
  const std::vector<VerifiedStrategy> all{sound(), broken()};
  const auto text = verification_table(all);
  EXPECT_NE(text.find("wait 2/2"), std::string::npos) << text;
  EXPECT_NE(text.find("as claimed"), std::string::npos) << text;
  const auto last = text.substr(text.find("unsafe"));
  EXPECT_NE(last.find("violated"), std::string::npos) << text;
}

TEST(VerificationTable, says_below_what_was_left_undecided_and_why) {
  const auto text = verification_table(std::vector{sound()});
  EXPECT_NE(text.find("\nmutex: contract left 1 of 2 histories undecided: too long\n"),
            std::string::npos)
      << text;
}

TEST(VerificationTable, of_every_strategy_fits_a_terminal_of_120_columns) {
  auto longest = sound();
  longest.traits.name = "moodycamel_blocking";
  longest.verification.result.operations = 99'999'999;
  for (const auto check : verify::checks) {
    longest.verification.result.checks[check] = {.linearizable = 99'999};
  }
  longest.verification.result.stops = {.stops = 999, .stalls = 0, .stopped_s = 0.03};
  const auto text = verification_table(std::vector{longest});
  EXPECT_LE(text.find('\n'), 120U) << text;
}

TEST(VerificationTable, shows_the_rank_error_of_a_relaxed_queue_in_place_of_its_order) {
  auto relaxed = sound();
  relaxed.verification.result.rank_error = {.takes = 4, .sum = 6, .max = 5};
  const auto text = verification_table(std::vector{relaxed});
  EXPECT_NE(text.find("rank error 1.5, at most 5"), std::string::npos) << text;
}

TEST(VerificationTable, as_csv_quotes_what_needs_it) {
  const auto text = verification_csv(std::vector{broken()});
  EXPECT_EQ(text.substr(text.find('\n') + 1),
            "unsafe,priority_fifo,blocking,3,120,1.500,2,2,violated,order,0.250,\"a,b.jsonl\"\n");
}

TEST(VerificationTable, as_json_has_everything_but_the_history_itself) {
  const auto json = verification_json(std::vector{broken()});
  ASSERT_EQ(json.size(), 1U);
  EXPECT_EQ(json[0]["verdict"], "violated");
  EXPECT_EQ(json[0]["violation"]["reason"], "wrong");
  EXPECT_FALSE(json[0]["violation"].contains("history"));
  EXPECT_EQ(json[0]["checks"]["contract"]["why_unknown"], "too long");
}

TEST(Verdict, is_the_exit_code_of_what_is_worst) {
  EXPECT_EQ(exit_code_of(sound().verification), ExitCode::ok);
  EXPECT_EQ(exit_code_of(broken().verification), ExitCode::violated);
  EXPECT_EQ(exit_code_of(crashed().verification), ExitCode::violated);
  auto undecided = sound();
  undecided.verification.result.checks[Check::contract].linearizable = 0;
  EXPECT_EQ(exit_code_of(undecided.verification), ExitCode::inconclusive);
}

TEST(Verdict, of_a_crash_says_how) {
  const auto text = verification_table(std::vector{crashed()});
  EXPECT_NE(text.find("crashed: killed by signal 11"), std::string::npos) << text;
}

}  // namespace
}  // namespace lockbench
