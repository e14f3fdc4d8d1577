#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "harness/cli/options.hpp"
#include "harness/cli/strategy_selection.hpp"
#include "harness/cli/verb_table.hpp"
#include "harness/pitfalls/pitfalls.hpp"
#include "harness/verbs/verbs.hpp"

namespace lockbench {
namespace {

using Words = std::vector<std::string_view>;

/// The command that completes the value of an option; empty where nothing can be offered.
std::string value_command(const ValueForm& value, std::span<const StrategyTraits> catalogue) {
  switch (value.completion) {
    case Completion::none: return {};
    case Completion::directories: return " _lockbench_directories;";
    case Completion::files: return R"( mapfile -t COMPREPLY < <(compgen -f -- "$current");)";
    case Completion::words:
    case Completion::strategies: break;
  }
  const auto words =
      value.completion == Completion::words ? value.words : strategy_words(catalogue);
  return fmt::format(" _lockbench_{} '{}';", value.is_list ? "list" : "words",
                     fmt::join(words, " "));
}

/// One arm of `case $verb`: what may follow it.
std::string verb_arm(const VerbSpec& verb) {
  Words words;
  if (verb.verb == Verb::help) words = verb_names();
  if (verb.verb == Verb::pitfall) {
    words = pitfall_names();
    words.push_back(every_pitfall);
  }
  for (const auto& option : option_table()) {
    if (option.verbs.contains(verb.verb)) words.push_back(option.name);
  }
  const bool takes_directory = verb.operand == "DIR";
  return fmt::format(
      "    {}) {}_lockbench_words '{}' ;;\n", verb.name,
      takes_directory ? "[[ $current == -* ]] || { _lockbench_directories; return; }; " : "",
      fmt::join(words, " "));
}

constexpr std::string_view helpers = R"(# bash completion for bench, printed by: bench completion

_lockbench_words() {
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current")
}

# Completes the entry behind the last comma.
_lockbench_list() {
  local entries=
  if [[ $current == *,* ]]; then entries=${current%,*},; fi
  mapfile -t COMPREPLY < <(compgen -P "$entries" -W "$1" -- "${current##*,}")
  compopt -o nospace 2>/dev/null  # fails outside of a completion, which does not matter
}

_lockbench_directories() {
  mapfile -t COMPREPLY < <(compgen -d -- "$current")
  compopt -o filenames 2>/dev/null
}

_lockbench() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  local verb=${COMP_WORDS[1]}
  COMPREPLY=()
  # Bash splits --option=value into three words.
  if [[ $current == '=' ]]; then
    current=
  elif [[ $previous == '=' && $COMP_CWORD -gt 2 ]]; then
    previous=${COMP_WORDS[COMP_CWORD - 2]}
  fi
)";

}  // namespace

std::string bash_completion(std::span<const StrategyTraits> catalogue) {
  std::string values;
  for (const auto& option : option_table()) {
    if (option.is_flag()) continue;
    values +=
        fmt::format("    {}){} return ;;\n", option.name, value_command(option.value, catalogue));
  }
  std::string verbs;
  for (const auto& verb : verb_table()) verbs += verb_arm(verb);
  return std::string(helpers) + "  case $previous in\n" + values + "  esac\n" +
         fmt::format(
             "  if [[ $COMP_CWORD -eq 1 && $current != -* ]]; then\n"
             "    _lockbench_words '{}'\n"
             "    return\n"
             "  fi\n",
             fmt::join(verb_names(), " ")) +
         "  if [[ $verb == -* ]]; then verb=run; fi\n"
         "  case $verb in\n" +
         verbs +
         "  esac\n"
         "}\n"
         "\n"
         "complete -F _lockbench bench\n";
}

}  // namespace lockbench
