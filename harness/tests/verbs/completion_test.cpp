#include "harness/tests/cli/fixture.hpp"
#include "harness/tests/verbs/shell.hpp"
#include "harness/verbs/verbs.hpp"

namespace lockbench {
namespace {

/// Sources the script in a real bash and completes the last of `words`, which bash has already
/// split (so `--format=c` is three words). The candidates, joined by blanks.
std::string completed(const std::string& words) {
  const test::TemporaryFile script(bash_completion(test::catalogue));
  // A shell function must not change the exit status of the line that is being typed, or read
  // unset variables: -eu would end the shell.
  auto text =
      test::output_of("bash --norc -euc 'source " + script.path() + "; COMP_WORDS=(" + words +
                      "); COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 )); _lockbench || :; "
                      "echo \"${COMPREPLY[*]-}\"'");
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

class Completion : public ::testing::Test {
protected:
  void SetUp() override {
    if (!test::has_program("bash")) GTEST_SKIP() << "bash is not installed";
  }
};

TEST_F(Completion, offers_verbs_first) {
  EXPECT_EQ(completed("bench \"\""),
            "run sweep list report verify doctor pitfall help version man completion");
  EXPECT_EQ(completed("bench sw"), "sweep");
}

TEST_F(Completion, offers_the_options_of_the_verb) {
  EXPECT_EQ(completed("bench list --"), "--format --columns --help --version");
  EXPECT_EQ(completed("bench doctor --s"), "--strict");
  EXPECT_EQ(completed("bench sweep --qu"), "--quick --quiet");
}

TEST_F(Completion, knows_that_run_may_be_left_out) {
  EXPECT_EQ(completed("bench --read"), "--read-ratio");
  EXPECT_EQ(completed("bench --quiet --read"), "--read-ratio");
}

TEST_F(Completion, offers_names_and_tags_of_strategies) {
  EXPECT_EQ(completed("bench --strategy \"\""),
            "mutex rwlock moodycamel unsafe null all lock basic lockfree racy");
  EXPECT_EQ(completed("bench run --strategy m"), "mutex moodycamel");
}

TEST_F(Completion, completes_the_last_entry_of_a_list) {
  EXPECT_EQ(completed("bench run --strategy mutex,rw"), "mutex,rwlock");
  EXPECT_EQ(completed("bench run --pinning none,"),
            "none,none none,compact none,scatter none,same_cpu none,smt-pairs none,per-node");
}

TEST_F(Completion, understands_values_behind_an_equals_sign) {
  EXPECT_EQ(completed("bench run --format ="), "table csv json gbench");
  EXPECT_EQ(completed("bench run --format = c"), "csv");
}

TEST_F(Completion, offers_directories_where_one_is_meant) {
  EXPECT_EQ(completed("bench report /us"), "/usr");
  EXPECT_EQ(completed("bench run --out /us"), "/usr");
  EXPECT_EQ(completed("bench run --resume = /us"), "/usr");
  EXPECT_EQ(completed("bench report --h"), "--help");
}

TEST_F(Completion, offers_verbs_to_help) {
  EXPECT_EQ(completed("bench help sw"), "sweep");
}

TEST_F(Completion, offers_pitfalls_by_name) {
  EXPECT_EQ(completed("bench pitfall lo"), "lock-order lost-wakeup");
  EXPECT_EQ(completed("bench pitfall --l"), "--list");
}

TEST_F(Completion, stays_silent_where_it_knows_nothing) {
  EXPECT_EQ(completed("bench --threads \"\""), "");
  EXPECT_EQ(completed("bench frobnicate \"\""), "");
  EXPECT_EQ(completed("bench child --"), "");
}

TEST_F(Completion, serves_the_launcher_too) {
  // Bash looks a command with slashes up by its last part when the whole is not known.
  const test::TemporaryFile script(bash_completion(test::catalogue));
  EXPECT_EQ(test::output_of("bash --norc -c 'source " + script.path() + "; complete -p bench'"),
            "complete -F _lockbench bench\n");
}

}  // namespace
}  // namespace lockbench
