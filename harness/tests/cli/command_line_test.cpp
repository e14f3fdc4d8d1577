#include "harness/cli/command_line.hpp"

#include "harness/tests/cli/fixture.hpp"

namespace lockbench {
namespace {

using test::parsed;
using test::refusal;
using test::Words;
using Numbers = std::vector<std::uint32_t>;

constexpr std::string_view verbs =
    "run, sweep, list, report, verify, doctor, pitfall, help, version, man, completion";

// --- verbs -----------------------------------------------------------------------------------------

TEST(Verbs, run_is_implied_by_an_option) {
  EXPECT_EQ(parsed({"--threads", "4"}), parsed({"run", "--threads", "4"}));
}

TEST(Verbs, each_is_known_by_its_name) {
  EXPECT_EQ(parsed({"run"}).verb, Verb::run);
  EXPECT_EQ(parsed({"sweep"}).verb, Verb::sweep);
  EXPECT_EQ(parsed({"list"}).verb, Verb::list);
  EXPECT_EQ(parsed({"report", "results/x"}).verb, Verb::report);
  EXPECT_EQ(parsed({"doctor"}).verb, Verb::doctor);
  EXPECT_EQ(parsed({"help"}).verb, Verb::help);
  EXPECT_EQ(parsed({"version"}).verb, Verb::version);
  EXPECT_EQ(parsed({"--version"}).verb, Verb::version);
  EXPECT_EQ(parsed({"man"}).verb, Verb::man);
  EXPECT_EQ(parsed({"completion"}).verb, Verb::completion);
}

TEST(Verbs, without_any_word_examples_are_shown) {
  EXPECT_EQ(refusal({}).substr(0, 26), "nothing to do; for example");
}

TEST(Verbs, an_unknown_one_is_met_with_those_allowed) {
  EXPECT_EQ(refusal({"juggle"}), "unknown verb 'juggle'; allowed: " + std::string(verbs));
  EXPECT_EQ(refusal({"swep"}),
            "unknown verb 'swep'; did you mean 'sweep'? allowed: " + std::string(verbs));
  EXPECT_EQ(refusal({""}), "unknown verb ''; allowed: " + std::string(verbs));
  EXPECT_EQ(refusal({"-"}), "unknown verb '-'; allowed: " + std::string(verbs));
}

TEST(Verbs, a_strategy_in_their_place_is_explained) {
  EXPECT_EQ(refusal({"mutex"}), "'mutex' is a strategy; measure it by: bench --strategy mutex");
}

TEST(Verbs, stand_before_the_options) {
  EXPECT_EQ(refusal({"--quiet", "list"}),
            "'run' cannot use the word 'list'; a verb comes first: bench list");
}

TEST(Verbs, the_child_process_reads_its_own_arguments) {
  const auto line = parsed({"child", "--block", "3", "--", "x"});
  EXPECT_EQ(line.verb, Verb::child);
  EXPECT_EQ(line.child_arguments, (Words{"--block", "3", "--", "x"}));
}

// --- what is measured by default -------------------------------------------------------------------

TEST(Run, measures_all_strategies_at_the_defaults_of_a_request) {
  Request expected;
  expected.strategies = {"mutex", "rwlock", "moodycamel", "null"};
  EXPECT_EQ(parsed({"run"}).request, expected);
}

TEST(Sweep, is_the_standard_grid_unless_told_otherwise) {
  EXPECT_EQ(parsed({"sweep"}), parsed({"sweep", "--standard"}));
  EXPECT_EQ(parsed({"sweep"}).sweep_size, SweepSize::standard);
}

TEST(Sweep, quick_is_mixed_only) {
  const auto line = parsed({"sweep", "--quick"});
  EXPECT_EQ(line.sweep_size, SweepSize::quick);
  EXPECT_EQ(line.request.strategies, (Words{"mutex", "rwlock", "moodycamel", "null"}));
  EXPECT_EQ(line.request.workload, Words{"mixed"});
  EXPECT_EQ(line.request.threads, (Numbers{1, 2, 4, 8, 16}));
  EXPECT_EQ(line.request.read_ratio, (std::vector<double>{0, 0.5, 0.9, 1}));
  EXPECT_EQ(line.request.processes, 6U);
  EXPECT_EQ(line.request.windows, 1U);
}

TEST(Sweep, grows_with_its_size) {
  EXPECT_EQ(parsed({"sweep", "--full"}).sweep_size, SweepSize::full);
  const auto quick = sweep_grid(SweepSize::quick);
  const auto standard = sweep_grid(SweepSize::standard);
  const auto full = sweep_grid(SweepSize::full);
  EXPECT_EQ(standard.workload, (Words{"mixed", "producer_consumer"}));
  EXPECT_LT(quick.processes, standard.processes);
  EXPECT_LT(standard.processes, full.processes);
  EXPECT_LT(standard.threads.size(), full.threads.size());
  EXPECT_LT(standard.read_ratio.size(), full.read_ratio.size());
}

TEST(Sweep, of_every_size_times_operations) {
  for (const auto size : all_values<SweepSize>) EXPECT_NE(sweep_grid(size).sample_every, 0U);
}

TEST(Sweep, options_replace_values_of_the_grid_wherever_they_stand) {
  const auto line = parsed({"sweep", "--threads", "3", "--processes=2", "--quick"});
  auto expected = parsed({"sweep", "--quick"});
  expected.request.threads = {3};
  expected.request.processes = 2;
  EXPECT_EQ(line, expected);
}

TEST(Sweep, has_one_size) {
  EXPECT_EQ(refusal({"sweep", "--full", "--quick"}), "--quick and --full exclude each other");
  EXPECT_EQ(refusal({"run", "--quick"}), "--quick does not go with 'run', only with: sweep");
}

// --- operands --------------------------------------------------------------------------------------

TEST(Operands, report_takes_one_directory) {
  EXPECT_EQ(parsed({"report", "results/x"}).report_dir, "results/x");
  EXPECT_EQ(refusal({"report"}), "report needs the directory of a run: bench report DIR");
  EXPECT_EQ(refusal({"report", ""}), "report needs the directory of a run: bench report DIR");
  EXPECT_EQ(refusal({"report", "a", "b"}), "'report' cannot use the word 'b'");
}

TEST(Operands, elsewhere_they_are_refused) {
  EXPECT_EQ(refusal({"--strategy", "mutex", "rwlock"}),
            "'run' cannot use the word 'rwlock'; entries of a list are joined by commas");
  EXPECT_EQ(refusal({"list", "mutex"}), "'list' cannot use the word 'mutex'");
  EXPECT_EQ(refusal({"version", "x"}), "'version' cannot use the word 'x'");
}

// --- help ------------------------------------------------------------------------------------------

TEST(Help, is_about_the_verb_it_stands_with) {
  EXPECT_EQ(parsed({"help"}).help_topic, "");
  EXPECT_EQ(parsed({"-h"}).help_topic, "");
  EXPECT_EQ(parsed({"--help"}).help_topic, "");
  for (const Words& words : {Words{"help", "sweep"}, Words{"sweep", "--help"}, Words{"sweep", "-h"},
                             Words{"--help", "sweep"}}) {
    EXPECT_EQ(parsed(words).verb, Verb::help);
    EXPECT_EQ(parsed(words).help_topic, "sweep");
  }
}

TEST(Help, forgives_other_mistakes) {
  EXPECT_EQ(parsed({"run", "--threads", "0", "--frob", "--help"}).verb, Verb::help);
}

TEST(Help, knows_only_verbs) {
  EXPECT_EQ(refusal({"help", "juggle"}), "unknown verb 'juggle'; allowed: " + std::string(verbs));
  EXPECT_EQ(refusal({"help", "child"}), "unknown verb 'child'; allowed: " + std::string(verbs));
  EXPECT_EQ(refusal({"help", "run", "x"}), "'help' cannot use the word 'x'");
}

// --- options as words ------------------------------------------------------------------------------

TEST(Options, are_told_apart_from_near_misses) {
  EXPECT_EQ(refusal({"--thread", "4"}),
            "unknown option '--thread' of 'run'; did you mean '--threads'? see: bench help run");
  EXPECT_EQ(refusal({"doctor", "--frobnicate=4"}),
            "unknown option '--frobnicate' of 'doctor'; see: bench help doctor");
  EXPECT_EQ(refusal({"-x"}), "unknown option '-x' of 'run'; see: bench help run");
  EXPECT_EQ(refusal({"run", "--"}), "unknown option '--' of 'run'; see: bench help run");
  EXPECT_EQ(refusal({"---threads", "4"}),
            "unknown option '---threads' of 'run'; did you mean '--threads'? see: bench help run");
}

TEST(Options, of_other_verbs_are_sent_there) {
  EXPECT_EQ(refusal({"list", "--threads", "4"}),
            "--threads does not go with 'list', only with: run, sweep, verify");
  EXPECT_EQ(refusal({"--columns"}), "--columns does not go with 'run', only with: list");
}

TEST(Options, that_need_a_value_say_which) {
  const std::string expected =
      "--threads needs a value; expected whole numbers from 1 to 1024, e.g. 1,2,4 or 1-16*2";
  EXPECT_EQ(refusal({"--threads"}), expected);
  EXPECT_EQ(refusal({"--threads", ""}), expected);
  EXPECT_EQ(refusal({"--threads="}), expected);
  EXPECT_EQ(refusal({"--threads=", "4"}), expected);
  EXPECT_EQ(refusal({"--threads", "--quiet"}), expected);
  EXPECT_EQ(refusal({"--quiet", "--out"}),
            "--out needs a value; expected a directory, e.g. results/today");
}

TEST(Options, with_one_value_stand_once) {
  EXPECT_EQ(refusal({"--seed", "1", "--seed", "2"}), "--seed is given more than once");
  EXPECT_EQ(refusal({"--out=a", "--out", "b"}), "--out is given more than once");
  EXPECT_TRUE(parsed({"--quiet", "--quiet"}).quiet);
}

TEST(Options, that_are_flags_take_no_value) {
  EXPECT_EQ(refusal({"--quiet=false"}), "--quiet takes no value, got 'false'");
  EXPECT_EQ(refusal({"--dry-run="}), "--dry-run takes no value, got ''");
}

TEST(Options, values_may_hold_what_other_tools_treat_specially) {
  EXPECT_EQ(parsed({"--out", "[a,b]"}).out, "[a,b]");
  EXPECT_EQ(parsed({"--out", "a=b"}).out, "a=b");
  EXPECT_EQ(parsed({"--out=a=b"}).out, "a=b");
  EXPECT_EQ(parsed({"--out", "{}"}).out, "{}");
  EXPECT_EQ(parsed({"--out", "%%"}).out, "%%");
  EXPECT_EQ(parsed({"--out", "./-h"}).out, "./-h");
  EXPECT_EQ(parsed({"--out", "with space"}).out, "with space");
}

TEST(Options, of_the_output_reach_the_command_line) {
  const auto line =
      parsed({"run", "--out", "d", "--format", "csv", "--dry-run", "--no-charts", "--quiet"});
  EXPECT_EQ(line.out, "d");
  EXPECT_EQ(line.format, Format::csv);
  EXPECT_TRUE(line.dry_run);
  EXPECT_TRUE(line.no_charts);
  EXPECT_TRUE(line.quiet);
  EXPECT_TRUE(parsed({"list", "--columns"}).columns);
}

TEST(Options, of_verify_reach_the_command_line) {
  const auto line = parsed({"verify", "--strategy", "mutex", "--threads", "2,4", "--duration", "3s",
                            "--seed", "9", "--out", "found"});
  EXPECT_EQ(line.verb, Verb::verify);
  EXPECT_EQ(line.request.strategies, std::vector<std::string>{"mutex"});
  EXPECT_EQ(line.request.threads, (std::vector<std::uint32_t>{2, 4}));
  EXPECT_EQ(line.duration_s, 3);
  EXPECT_EQ(line.request.seed, 9U);
  EXPECT_EQ(line.out, "found");
  EXPECT_EQ(parsed({"verify", "--replay", "x.jsonl"}).replay, "x.jsonl");
  EXPECT_TRUE(parsed({"verify", "--mutants"}).mutants);
  EXPECT_EQ(refusal({"verify", "--replay", "x", "--threads", "2"}),
            "--threads does not go with --replay; only --format may");
  EXPECT_EQ(refusal({"verify", "--replay", "x", "--format", "csv"}),
            "--replay prints no CSV; --format may be table or json");
  EXPECT_EQ(refusal({"verify", "--mutants", "--format", "csv"}),
            "--mutants prints no CSV; --format may be table or json");
}

TEST(Options, of_the_doctor_reach_the_command_line) {
  EXPECT_FALSE(parsed({"doctor"}).strict);
  EXPECT_EQ(parsed({"doctor"}).aa_blocks, 0U);
  const auto line = parsed({"doctor", "--strict", "--aa-blocks", "20"});
  EXPECT_TRUE(line.strict);
  EXPECT_EQ(line.aa_blocks, 20U);
  EXPECT_EQ(refusal({"doctor", "--aa-blocks", "0"}),
            "--aa-blocks: '0' is not allowed; expected a whole number from 1 to 1000");
}

// --- contradictions --------------------------------------------------------------------------------

TEST(Contradictions, resume_takes_everything_from_the_directory) {
  const std::string rest =
      " does not go with --resume, which finishes the run as it was started; only --format, "
      "--no-charts and --quiet may";
  for (const Words& other :
       {Words{"--out", "a"}, Words{"--threads", "1"}, Words{"--seed", "1"}, Words{"--dry-run"}}) {
    Words words{"run", "--resume", "d"};
    words.insert(words.end(), other.begin(), other.end());
    EXPECT_EQ(refusal(words), other.front() + rest);
  }
  EXPECT_EQ(refusal({"sweep", "--resume", "d", "--full"}), "--full" + rest);
  const auto line = parsed({"--resume", "d", "--format", "json", "--no-charts", "--quiet"});
  EXPECT_EQ(line.resume, "d");
}

TEST(Contradictions, producers_and_consumers_need_their_workload) {
  EXPECT_EQ(refusal({"--producers", "2"}),
            "--producers has no effect on the workload mixed; add --workload producer_consumer");
  EXPECT_EQ(refusal({"--consumers", "2", "--workload", "mixed"}),
            "--consumers has no effect on the workload mixed; add --workload producer_consumer");
  const auto line = parsed({"--producers", "1,2", "--workload", "producer_consumer"});
  EXPECT_EQ(line.request.producers, (Numbers{1, 2}));
}

TEST(Contradictions, producers_and_consumers_are_the_threads) {
  EXPECT_EQ(refusal({"--workload", "producer_consumer", "--consumers", "2", "--threads", "4"}),
            "--consumers and --threads exclude each other: the threads of producer_consumer are "
            "its producers and its consumers");
}

TEST(Contradictions, a_team_has_room_for_both_roles) {
  EXPECT_EQ(refusal({"--workload", "producer_consumer", "--threads", "1,2"}),
            "--threads: producer_consumer needs at least 2, a producer and a consumer");
  EXPECT_EQ(
      refusal({"--workload", "producer_consumer", "--producers", "600", "--consumers", "425"}),
      "600 producers and 425 consumers are more than 1024 threads");
  EXPECT_EQ(
      parsed({"--workload", "producer_consumer", "--producers", "600", "--consumers", "424"}).verb,
      Verb::run);
}

TEST(Contradictions, read_ratio_needs_mixed) {
  EXPECT_EQ(refusal({"--workload", "producer_consumer", "--read-ratio", "0.5"}),
            "--read-ratio has no effect on the workload producer_consumer; add --workload mixed");
}

TEST(Contradictions, the_prefill_fits_the_capacity) {
  EXPECT_EQ(refusal({"--capacity", "1024"}),
            "--capacity 1024 has no room left after a prefill of 1024; lower --prefill, or leave "
            "--capacity out");
  EXPECT_EQ(parsed({"--capacity", "1025"}).request.capacity, std::vector{1025U});
  EXPECT_EQ(parsed({"--capacity", "0", "--prefill", "4000000"}).request.capacity, std::vector{0U});
}

TEST(Contradictions, a_jitter_needs_work_to_spread) {
  EXPECT_EQ(refusal({"--think-jitter", "uniform"}),
            "--think-jitter has no effect without --think, whose amounts it spreads; add e.g. "
            "--think 200ns");
  EXPECT_NE(refusal({"--critical-section-jitter", "exponential", "--think", "1us"}), "");
  EXPECT_EQ(parsed({"--think-jitter", "uniform", "--think", "0,1us"}).request.think_jitter,
            std::vector{Jitter::uniform});
}

TEST(Contradictions, a_budget_needs_a_precision_to_spend_it_on) {
  EXPECT_EQ(refusal({"--budget", "10s"}),
            "--budget has no effect without --precision, whose processes it is for; add e.g. "
            "--precision 2%");
  EXPECT_EQ(parsed({"sweep", "--budget", "10s", "--precision", "2%"}).request.budget_s, 10);
  EXPECT_NE(refusal({"--resume", "somewhere", "--precision", "2%"}), "");
}

}  // namespace
}  // namespace lockbench
