#include "harness/cli/values.hpp"

#include "harness/base/exact_integer.hpp"
#include "harness/tests/cli/fixture.hpp"

namespace lockbench {
namespace {

using test::parsed;
using test::refusal;
using test::Words;
using Numbers = std::vector<std::uint32_t>;

Numbers threads(const std::string& text) {
  return parsed({"--threads", text}).request.threads;
}

TEST(WholeNumbers, are_joined_by_commas) {
  EXPECT_EQ(threads("1"), Numbers{1});
  EXPECT_EQ(threads("1,2,4"), (Numbers{1, 2, 4}));
  EXPECT_EQ(threads("1024"), Numbers{1024});
}

TEST(WholeNumbers, ranges_step_by_one_by_a_step_or_by_a_factor) {
  EXPECT_EQ(threads("1-4"), (Numbers{1, 2, 3, 4}));
  EXPECT_EQ(threads("1-16*2"), (Numbers{1, 2, 4, 8, 16}));
  EXPECT_EQ(threads("1-12*2"), (Numbers{1, 2, 4, 8}));
  EXPECT_EQ(threads("2-10+4"), (Numbers{2, 6, 10}));
  EXPECT_EQ(threads("3-3"), Numbers{3});
  EXPECT_EQ(threads("1-1024*18446744073709551615"), Numbers{1});
  EXPECT_EQ(threads("1-1024+18446744073709551615"), Numbers{1});
}

TEST(WholeNumbers, stay_in_the_order_typed_without_repeats) {
  EXPECT_EQ(threads("8,1-4,2,8"), (Numbers{8, 1, 2, 3, 4}));
}

TEST(WholeNumbers, a_repeated_option_adds_to_the_list) {
  EXPECT_EQ(parsed({"--threads", "4", "--threads=2"}).request.threads, (Numbers{4, 2}));
}

TEST(WholeNumbers, anything_else_is_refused_with_what_is_expected) {
  for (const std::string bad : {"0",       "1025",   "99999999999999999999",
                                "+4",      " 4",     "4 ",
                                "-1",      "0x4",    "4.0",
                                "1e2",     "four",   "\u0664",
                                "4-",      "-4",     "4-1",
                                "1-8*1",   "1-8*0",  "1-8+0",
                                "1-8*",    "1-8+",   "0-8*2",
                                "1-8/2",   "1-2-3",  "1-1025",
                                "1-8*2*2", "1-8*-2", "1--8",
                                "*2"}) {
    EXPECT_EQ(refusal({"--threads", bad}),
              "--threads: '" + bad +
                  "' is not allowed; expected whole numbers from 1 to 1024, e.g. 1,2,4 or 1-16*2");
  }
}

TEST(WholeNumbers, zero_cannot_be_multiplied) {
  EXPECT_NE(refusal({"--prefill", "0-1024*2"}), "");
  EXPECT_EQ(parsed({"--prefill", "0,1-4*2"}).request.prefill, (Numbers{0, 1, 2, 4}));
}

TEST(WholeNumbers, an_empty_entry_is_refused) {
  for (const std::string bad : {",", "1,", ",1", "1,,2"}) {
    EXPECT_EQ(refusal({"--threads", bad}),
              "--threads: '" + bad +
                  "' has an empty entry; expected whole numbers from 1 to 1024, e.g. 1,2,4 or "
                  "1-16*2");
  }
}

TEST(WholeNumbers, a_list_too_long_to_be_meant_is_refused) {
  EXPECT_EQ(parsed({"--prefill", "1-1000"}).request.prefill.size(), most_list_values);
  EXPECT_EQ(refusal({"--prefill", "0-4000000"}),
            "--prefill: more than 1000 values; give fewer, or a range with a step such as "
            "1-4000000*2");
  EXPECT_EQ(refusal({"--prefill", "1-600,601-1001"}).substr(0, 31),
            "--prefill: more than 1000 value");
}

TEST(WholeNumber, keeps_to_its_bounds) {
  // 2^53 - 1: many readers of JSON would round what is above.
  EXPECT_EQ(parsed({"--seed", "9007199254740991"}).request.seed, largest_exact_integer);
  EXPECT_EQ(parsed({"--windows", "10000"}).request.windows, 10'000U);
  EXPECT_EQ(parsed({"--processes", "1"}).request.processes, 1U);
  for (const std::string above : {"9007199254740992", "18446744073709551616"}) {
    EXPECT_EQ(refusal({"--seed", above}),
              "--seed: '" + above +
                  "' is not allowed; expected a whole number from 1 to 9007199254740991");
  }
  EXPECT_EQ(refusal({"--processes", "1001"}),
            "--processes: '1001' is not allowed; expected a whole number from 1 to 1000");
  EXPECT_EQ(refusal({"--windows", "1,2"}),
            "--windows: '1,2' is not allowed; expected a whole number from 1 to 10000");
}

TEST(Shares, lie_between_0_and_1) {
  EXPECT_EQ(parsed({"--read-ratio", "0,0.5,.25,1,1.0,0.50"}).request.read_ratio,
            (std::vector<double>{0, 0.5, 0.25, 1}));
  for (const std::string bad : {"nan", "inf", "1.5", "-0.5", "-0", "+0.5", "1e-1", "0x1p-1", "50%",
                                ".", "0..5", "0.5 ", "0;5", "1.0000000001"}) {
    EXPECT_EQ(
        refusal({"--read-ratio", bad}),
        "--read-ratio: '" + bad + "' is not allowed; expected numbers from 0 to 1, e.g. 0,0.5,0.9");
  }
}

TEST(Durations, carry_their_unit) {
  EXPECT_EQ(parsed({"--window", "20ms"}).request.window_s, 0.02);
  EXPECT_EQ(parsed({"--window", "0.5s"}).request.window_s, 0.5);
  EXPECT_EQ(parsed({"--window", "1500us"}).request.window_s, 0.0015);
  EXPECT_EQ(parsed({"--window", "1ms"}).request.window_s, 0.001);
  EXPECT_EQ(parsed({"--window", "60s"}).request.window_s, 60);
  EXPECT_EQ(parsed({"--warm-up", "100us"}).request.warm_up_s, 0.0001);
  EXPECT_EQ(parsed({"--warm-up", "0s"}).request.warm_up_s, 0);
}

TEST(Durations, without_a_unit_are_told_so) {
  EXPECT_EQ(refusal({"--window", "20"}),
            "--window: '20' is not allowed; its unit is missing, as in 20ms; expected a time from "
            "1ms to 60s with its unit (us, ms or s), e.g. 20ms");
}

TEST(Durations, out_of_bounds_or_of_another_shape_are_refused) {
  for (const std::string bad :
       {"999us", "60001ms", "0ms", "-1s", "ms", "s", "1 s", "1m", "1e3ms", "20MS", "20ns", "infs",
        "nans", "20msms", "1s,2s", "20\u00b5s", "99999999999999999999s"}) {
    EXPECT_EQ(refusal({"--window", bad}),
              "--window: '" + bad +
                  "' is not allowed; expected a time from 1ms to 60s with its unit (us, ms or s), "
                  "e.g. 20ms");
  }
}

TEST(Durations, beyond_an_hour_may_be_in_minutes_and_hours) {
  const auto budget = [](const std::string& text) {
    return parsed({"--precision", "2%", "--budget", text}).request.budget_s;
  };
  EXPECT_EQ(budget("1s"), 1);
  EXPECT_EQ(budget("1500ms"), 1.5);
  EXPECT_EQ(budget("5min"), 300);
  EXPECT_EQ(budget("0.5h"), 1800);
  EXPECT_EQ(budget("24h"), 86'400);
  for (const std::string bad : {"999ms", "24.01h", "1d", "5m", "min", "h", "1hh", "0min"}) {
    EXPECT_EQ(refusal({"--precision", "2%", "--budget", bad}),
              "--budget: '" + bad +
                  "' is not allowed; expected a time from 1s to 24h with its unit (us, ms, s, min "
                  "or h), e.g. 10min");
  }
  EXPECT_NE(refusal({"--window", "0.1min"}), "");
}

TEST(Percentages, carry_their_sign) {
  EXPECT_EQ(parsed({"--precision", "2%"}).request.precision, 0.02);
  EXPECT_EQ(parsed({"--precision", "0.1%"}).request.precision, 0.001);
  EXPECT_EQ(parsed({"--precision", "100%"}).request.precision, 1);
  EXPECT_EQ(parsed({"--processes", "6"}).request.precision, std::nullopt);
}

TEST(Percentages, without_their_sign_are_told_so) {
  EXPECT_EQ(refusal({"--precision", "2"}),
            "--precision: '2' is not allowed; its % is missing, as in 2%; expected a percentage "
            "from 0.1% to 100%, e.g. 2%");
}

TEST(Percentages, out_of_bounds_or_of_another_shape_are_refused) {
  for (const std::string bad : {"0%", "0.09%", "100.1%", "%", "2%%", "2 %", "-2%", "2e0%", "2pc",
                                "nan%", "0.02.1%", "2%,3%"}) {
    EXPECT_EQ(refusal({"--precision", bad}),
              "--precision: '" + bad +
                  "' is not allowed; expected a percentage from 0.1% to 100%, e.g. 2%");
  }
}

TEST(ChosenWords, are_the_options_own) {
  EXPECT_EQ(parsed({"--format", "json"}).format, Format::json);
  EXPECT_EQ(parsed({"--pinning", "scatter,none"}).request.pinning,
            (std::vector<Pinning>{Pinning::none, Pinning::scatter}));
  EXPECT_EQ(parsed({"--workload", "producer_consumer,mixed,mixed"}).request.workload,
            (Words{"mixed", "producer_consumer"}));
}

TEST(ChosenWords, are_the_same_with_dashes_and_underscores) {
  EXPECT_EQ(parsed({"--pinning", "same-cpu,smt_pairs,per_node"}).request.pinning,
            (std::vector<Pinning>{Pinning::same_cpu, Pinning::smt_pairs, Pinning::per_node}));
  EXPECT_EQ(parsed({"--pinning", "smt-pairs,smt_pairs"}).request.pinning,
            (std::vector<Pinning>{Pinning::smt_pairs}));
  EXPECT_EQ(parsed({"--workload", "producer-consumer"}).request.workload,
            (Words{"producer_consumer"}));
}

TEST(ListedCpus, are_one_placement_in_the_order_typed_with_repeats) {
  EXPECT_EQ(parsed({"--cpus", "6,0,4-5,0"}).request.pinning,
            (std::vector<Pinning>{Pinning::on({6, 0, 4, 5, 0})}));
  EXPECT_EQ(parsed({"--cpus", "1", "--cpus=0"}).request.pinning,
            (std::vector<Pinning>{Pinning::on({1, 0})}));
}

TEST(ListedCpus, that_are_no_numbers_are_refused) {
  for (const std::string bad : {"all", "-1", "0+2", "65536", "3-1"}) {
    EXPECT_EQ(refusal({"--cpus", bad}),
              "--cpus: '" + bad +
                  "' is not allowed; expected whole numbers from 0 to 65535, e.g. 0,2,4-7");
  }
}

TEST(ListedCpus, exclude_a_rule_of_placement) {
  EXPECT_EQ(refusal({"--cpus", "0", "--pinning", "compact"}),
            "--cpus and --pinning exclude each other: a list of CPUs is a placement of its own");
}

TEST(ChosenWords, others_are_refused_with_the_nearest) {
  EXPECT_EQ(refusal({"--format", "xml"}),
            "--format: 'xml' is not allowed; expected one of: table, csv, json, gbench");
  EXPECT_EQ(refusal({"--format", "cvs"}),
            "--format: 'cvs' is not allowed; did you mean 'csv'? expected one of: table, csv, "
            "json, gbench");
  EXPECT_EQ(refusal({"--pinning", "compct"}),
            "--pinning: 'compct' is not allowed; did you mean 'compact'? expected one or more of: "
            "none, compact, scatter, same_cpu, smt-pairs, per-node");
  EXPECT_EQ(refusal({"--workload", "mixd"}),
            "--workload: 'mixd' is not allowed; did you mean 'mixed'? expected one or more of: "
            "mixed, producer_consumer, open_loop, hold, burst, cancel_heavy, handoff, "
            "status_storm, pool, raw_fifo");
}

}  // namespace
}  // namespace lockbench
