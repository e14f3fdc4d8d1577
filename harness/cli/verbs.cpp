#include "harness/cli/verbs.hpp"

#include <algorithm>
#include <array>

namespace lockbench {
namespace {

constexpr std::array verbs{
    VerbSpec{.verb = Verb::run,
             .name = "run",
             .operand = {},
             .summary = "measure strategies at given parameters and print a table",
             .description =
                 "Measures every combination of the lists given and prints a table. Strategies are "
                 "compared within one process, in random order, and every combination is repeated "
                 "in several fresh processes. 'run' may be left out before an option.",
             .example = "run --strategy mutex,rwlock --threads 1-16*2 --read-ratio 0.5,0.9"},
    VerbSpec{.verb = Verb::sweep,
             .name = "sweep",
             .operand = {},
             .summary = "measure the standard grid of parameters",
             .description = "Measures a grid of parameters that shows where strategies part. "
                            "Options that are given replace the grid's own values.",
             .example = "sweep --quick --out results/today"},
    VerbSpec{.verb = Verb::list,
             .name = "list",
             .operand = {},
             .summary = "show strategies with their traits, and workloads",
             .description = "Shows every strategy with the traits that its numbers must be read "
                            "with, and every workload.",
             .example = "list --format json"},
    VerbSpec{.verb = Verb::report,
             .name = "report",
             .operand = "DIR",
             .summary = "draw charts and write the report of a run",
             .description = "Draws the charts and writes the HTML and Markdown reports of the run "
                            "in DIR, from its CSV and JSON files alone.",
             .example = "report results/today"},
    VerbSpec{
        .verb = Verb::verify,
        .name = "verify",
        .operand = {},
        .summary = "check that strategies do what they claim",
        .description =
            "Runs short rounds of random calls under random schedules, records every call with "
            "its times, and decides whether what the threads saw can be explained by a correct "
            "queue: nothing lost or handed out twice, the order that the strategy claims, the "
            "states of each task, the whole contract by exhaustive search, no lost wake-up. "
            "Threads are stopped in the middle of calls to see whether the others get on. A "
            "violation is explained, and its history kept for --replay.",
        .example = "verify --strategy mutex,moodycamel --duration 20s"},
    VerbSpec{.verb = Verb::doctor,
             .name = "doctor",
             .operand = {},
             .summary = "judge whether this machine is fit to measure on",
             .description = "Looks at what disturbs measurements here: load, frequency scaling, "
                            "virtualisation, CPUs that may be used; and can measure how far two "
                            "labels of the same strategy come out apart.",
             .example = "doctor --aa-blocks 20"},
    VerbSpec{.verb = Verb::pitfall,
             .name = "pitfall",
             .operand = "[NAME]",
             .summary = "demonstrate a well-known mistake with locks",
             .description =
                 "Runs a well-known mistake with locks beside its cure, each in a process of its "
                 "own, and shows what both did in numbers. NAME is one of those that --list shows, "
                 "or 'all'.",
             .example = "pitfall lock-order"},
    VerbSpec{.verb = Verb::help,
             .name = "help",
             .operand = "[VERB]",
             .summary = "explain everything, or one verb",
             .description = "Explains the program, or one verb with its options.",
             .example = "help run"},
    VerbSpec{.verb = Verb::version,
             .name = "version",
             .operand = {},
             .summary = "print the version",
             .description = "Prints the version of the program.",
             .example = "version"},
    VerbSpec{.verb = Verb::man,
             .name = "man",
             .operand = {},
             .summary = "print the manual page",
             .description = "Prints the manual page in roff, for man -l or for installation.",
             .example = "man | man -l -"},
    VerbSpec{.verb = Verb::completion,
             .name = "completion",
             .operand = {},
             .summary = "print the completion script for bash",
             .description = "Prints a script that bash completes command lines of this program "
                            "with, once sourced.",
             .example = "completion > ~/.local/share/bash-completion/completions/bench"},
    VerbSpec{.verb = Verb::child,
             .name = "child",
             .operand = {},
             .summary = {},
             .description = {},
             .example = {},
             .hidden = true},
};

}  // namespace

std::span<const VerbSpec> verb_table() {
  return verbs;
}

const VerbSpec* find_verb(std::string_view name) {
  const auto* const found = std::ranges::find(verbs, name, &VerbSpec::name);
  return found == verbs.end() ? nullptr : found;
}

const VerbSpec& verb_spec(Verb verb) {
  return *std::ranges::find(verbs, verb, &VerbSpec::verb);
}

std::vector<std::string_view> verb_names() {
  std::vector<std::string_view> names;
  for (const auto& verb : verbs) {
    if (!verb.hidden) names.push_back(verb.name);
  }
  return names;
}

}  // namespace lockbench
