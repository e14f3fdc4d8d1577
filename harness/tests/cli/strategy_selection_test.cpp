#include "harness/cli/strategy_selection.hpp"

#include "harness/tests/cli/fixture.hpp"

namespace lockbench {
namespace {

using test::Words;

Words selected(const Words& entries) {
  return select_strategies(entries, test::catalogue);
}

std::string refusal(const Words& entries) {
  try {
    static_cast<void>(selected(entries));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::usage);
    return error.what();
  }
  return {};
}

TEST(StrategySelection, is_in_registry_order_without_repeats) {
  EXPECT_EQ(selected({"rwlock", "mutex", "rwlock"}), (Words{"mutex", "rwlock"}));
}

TEST(StrategySelection, all_is_everything_that_is_safe_to_run) {
  EXPECT_EQ(selected({"all"}), (Words{"mutex", "rwlock", "moodycamel", "null"}));
}

TEST(StrategySelection, a_tag_stands_for_its_group_without_what_is_unsafe) {
  EXPECT_EQ(selected({"lock"}), (Words{"mutex", "rwlock"}));
  EXPECT_EQ(selected({"basic", "lockfree"}), (Words{"mutex", "moodycamel"}));
}

TEST(StrategySelection, what_is_unsafe_runs_when_named) {
  EXPECT_EQ(selected({"unsafe"}), Words{"unsafe"});
  EXPECT_EQ(selected({"lockfree", "unsafe"}), (Words{"moodycamel", "unsafe"}));
}

TEST(StrategySelection, a_group_that_may_not_run_is_refused) {
  EXPECT_EQ(refusal({"racy"}),
            "--strategy racy matches no strategy that may run unless it is asked for by name; see: "
            "bench list");
}

TEST(StrategySelection, an_unknown_name_is_met_with_the_nearest_and_all_that_are_allowed) {
  EXPECT_EQ(refusal({"mutex", "rwlok"}),
            "unknown strategy 'rwlok'; did you mean 'rwlock'? allowed: mutex, rwlock, moodycamel, "
            "unsafe, null, all, or a tag: lock, basic, lockfree, racy");
}

TEST(StrategySelection, names_and_tags_are_case_sensitive_and_never_empty) {
  EXPECT_NE(refusal({"MUTEX"}), "");
  EXPECT_NE(refusal({""}), "");
  EXPECT_NE(refusal({" mutex"}), "");
}

TEST(StrategySelection, without_strategies_all_matches_nothing) {
  const Words all{"all"};
  EXPECT_THROW(static_cast<void>(select_strategies(all, {})), Error);
}

TEST(StrategySelection, tags_are_listed_once) {
  EXPECT_EQ(tags_of(test::catalogue),
            (std::vector<std::string_view>{"lock", "basic", "lockfree", "racy"}));
}

}  // namespace
}  // namespace lockbench
