#include <gtest/gtest.h>

#include <sstream>

#include "harness/base/text/width.hpp"
#include "harness/cli/verb_table.hpp"
#include "harness/verbs/verbs.hpp"

namespace lockbench {
namespace {

TEST(HelpText, in_short_reads_like_this) {
  EXPECT_EQ(help_text(""),
            R"(lockbench: which lock should a task queue use, here, under this load?

Usage: bench [VERB] [OPTIONS]

Verbs:
  run         measure strategies at given parameters and print a table
  sweep       measure the standard grid of parameters
  list        show strategies with their traits, and workloads
  report      draw charts and write the report of a run
  verify      check that strategies do what they claim
  doctor      judge whether this machine is fit to measure on
  pitfall     demonstrate a well-known mistake with locks
  help        explain everything, or one verb
  version     print the version
  man         print the manual page
  completion  print the completion script for bash

Examples:
  bench --strategy rwlock --threads 16
  bench run --strategy mutex,rwlock --threads 1-16*2 --read-ratio 0.5,0.9
  bench sweep --quick --out results/today
  bench help run

Exit codes:
  0     done
  1     something failed: a file, a process, a disk
  2     unknown name, bad number, or options that contradict
  4     a strategy broke the contract of the task queue
  5     no verdict, or an environment unfit for one
  130   interrupted; --resume finishes the run

The options of a verb: bench help VERB
)");
}

TEST(HelpText, of_a_verb_reads_like_this) {
  EXPECT_EQ(help_text("report"),
            R"(Usage: bench report DIR

Draws the charts and writes the HTML and Markdown reports of the run in DIR,
from its CSV and JSON files alone. Adds gbench.json, for tools that read Google
Benchmark, where a run of an older version has none.

General:
  -h, --help          explains the verb and its options
  --version           prints the version

Example:
  bench report results/today
)");
}

TEST(HelpText, states_range_and_default_of_an_option) {
  const auto run = help_text("run");
  EXPECT_NE(
      run.find(R"(  --prefill LIST      tasks queued before a window starts; whole numbers from 0
                      to 4000000, e.g. 0,1024; default: 1024
)"),
      std::string::npos)
      << run;
}

TEST(HelpText, shows_what_the_grids_of_a_sweep_hold) {
  const auto sweep = help_text("sweep");
  EXPECT_NE(sweep.find(R"(  --quick             a first look: --workload mixed --threads 1,2,4,8,16
                      --read-ratio 0,0.5,0.9,1 --windows 1 --processes 6
)"),
            std::string::npos)
      << sweep;
}

TEST(HelpText, fits_80_columns) {
  auto topics = verb_names();
  topics.emplace_back("");
  for (const auto topic : topics) {
    std::istringstream lines(help_text(topic));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(display_width(line), 80U) << line;
  }
}

TEST(HelpText, hides_the_child_process) {
  EXPECT_EQ(help_text("").find("child"), std::string::npos);
  EXPECT_EQ(help_text("child"), help_text(""));
}

}  // namespace
}  // namespace lockbench
