#include "harness/cli/verb_table.hpp"

#include <algorithm>
#include <array>

namespace lockbench {
namespace {

constexpr std::array verbs{
    VerbSpec{Verb::run, "run", "", "measure strategies at given parameters and print a table",
             "Measures every combination of the lists given and prints a table. Strategies are "
             "compared within one process, in random order, and every combination is repeated "
             "in several fresh processes. 'run' may be left out before an option.",
             "run --strategy mutex,rwlock --threads 1-16*2 --read-ratio 0.5,0.9"},
    VerbSpec{Verb::sweep, "sweep", "", "measure the standard grid of parameters",
             "Measures a grid of parameters that shows where strategies part. "
             "Options that are given replace the grid's own values.",
             "sweep --quick --out results/today"},
    VerbSpec{Verb::list, "list", "", "show strategies with their traits, and workloads",
             "Shows every strategy with the traits that its numbers must be read "
             "with, and every workload.",
             "list --format json"},
    VerbSpec{
        Verb::report, "report", "DIR", "draw charts and write the report of a run",
        "Draws the charts and writes the HTML and Markdown reports of the run "
        "in DIR, from its CSV and JSON files alone. Adds gbench.json, for tools that read Google "
        "Benchmark, where a run of an older version has none.",
        "report results/today"},
    VerbSpec{Verb::verify, "verify", "", "check that strategies do what they claim",
             "Runs short rounds of random calls under random schedules, records every call with "
             "its times, and decides whether what the threads saw can be explained by a correct "
             "queue: nothing lost or handed out twice, the order that the strategy claims, the "
             "states of each task, the whole contract by exhaustive search, no lost wake-up. "
             "Threads are stopped in the middle of calls to see whether the others get on. A "
             "violation is explained, and its history kept for --replay.",
             "verify --strategy mutex,moodycamel --duration 20s"},
    VerbSpec{Verb::doctor, "doctor", "", "judge whether this machine is fit to measure on",
             "Looks at what disturbs measurements here: load, frequency scaling, "
             "virtualisation, CPUs that may be used; and can measure how far two "
             "labels of the same strategy come out apart.",
             "doctor --aa-blocks 20"},
    VerbSpec{Verb::pitfall, "pitfall", "[NAME]", "demonstrate a well-known mistake with locks",
             "Runs a well-known mistake with locks beside its cure, each in a process of its "
             "own, and shows what both did in numbers. NAME is one of those that --list shows, "
             "or 'all'.",
             "pitfall lock-order"},
    VerbSpec{Verb::help, "help", "[VERB]", "explain everything, or one verb",
             "Explains the program, or one verb with its options.", "help run"},
    VerbSpec{Verb::version, "version", "", "print the version",
             "Prints the version of the program.", "version"},
    VerbSpec{Verb::man, "man", "", "print the manual page",
             "Prints the manual page in roff, for man -l or for installation.", "man | man -l -"},
    VerbSpec{Verb::completion, "completion", "", "print the completion script for bash",
             "Prints a script that bash completes command lines of this program "
             "with, once sourced.",
             "completion > ~/.local/share/bash-completion/completions/bench"},
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
  for (const auto& verb : verbs) names.push_back(verb.name);
  return names;
}

std::string names_of(const VerbSet& set) {
  std::string names;
  for (const auto& verb : verbs) {
    if (!set.contains(verb.verb)) continue;
    names += (names.empty() ? "" : ", ") + std::string(verb.name);
  }
  return names;
}

}  // namespace lockbench
