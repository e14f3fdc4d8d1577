#include "harness/cli/completion.hpp"

#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "harness/cli/options.hpp"
#include "harness/cli/strategy_selection.hpp"
#include "harness/cli/verbs.hpp"
#include "harness/pitfalls/registry.hpp"

namespace lockbench {
namespace {

using Words = std::vector<std::string_view>;

Words values_of(const OptionSpec& option, std::span<const StrategyTraits> catalogue) {
  if (option.kind != ValueKind::strategies) return {option.words.begin(), option.words.end()};
  Words words;
  for (const auto& traits : catalogue) words.push_back(traits.name);
  words.push_back(all_strategies);
  for (const auto tag : tags_of(catalogue)) words.push_back(tag);
  return words;
}

/// One arm of `case $previous`: how the value of an option is completed.
std::string value_arm(const OptionSpec& option, std::span<const StrategyTraits> catalogue) {
  if (option.kind == ValueKind::flag) return {};
  if (option.kind == ValueKind::directory) {
    return fmt::format("    {}) _lockbench_directories; return ;;\n", option.name);
  }
  if (option.kind == ValueKind::file) {
    return fmt::format("    {}) mapfile -t COMPREPLY < <(compgen -f -- \"$current\"); return ;;\n",
                       option.name);
  }
  const auto words = values_of(option, catalogue);
  if (words.empty()) return fmt::format("    {}) return ;;\n", option.name);
  return fmt::format("    {}) _lockbench_{} '{}'; return ;;\n", option.name,
                     is_list(option.kind) ? "list" : "words", fmt::join(words, " "));
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
  for (const auto& option : option_table()) values += value_arm(option, catalogue);
  std::string verbs;
  for (const auto& verb : verb_table()) {
    if (!verb.hidden) verbs += verb_arm(verb);
  }
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
