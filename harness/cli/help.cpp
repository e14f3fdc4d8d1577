#include "harness/cli/help.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text/wrap.hpp"
#include "harness/cli/verbs.hpp"
#include "harness/cli/wording.hpp"

namespace lockbench {
namespace {

constexpr std::size_t term_indent = 2;

/// `  term        its meaning, wrapped behind itself`
std::string entry(std::string_view term, std::string_view meaning, std::size_t meaning_indent) {
  const auto room = meaning_indent - term_indent;
  auto text = fmt::format("{:{}}{:{}}", "", term_indent, term, room);
  if (term.size() + 1 > room) text += fmt::format("\n{:{}}", "", meaning_indent);
  return text + wrapped(meaning, meaning_indent) + "\n";
}

std::string verbs_help() {
  constexpr std::size_t indent = 14;
  std::string text = "\nVerbs:\n";
  for (const auto& verb : verb_table()) {
    if (!verb.hidden) text += entry(verb.name, verb.summary, indent);
  }
  return text;
}

std::string options_help(const VerbSpec& verb) {
  constexpr std::size_t indent = 22;
  std::string text;
  for (const auto section : sections) {
    std::string entries;
    for (const auto& option : option_table()) {
      if (option.section != section || !option.verbs.contains(verb.verb)) continue;
      entries += entry(usage_of(option), description_of(option, verb.verb), indent);
    }
    if (!entries.empty()) text += fmt::format("\n{}:\n{}", heading(section), entries);
  }
  return text;
}

bool measures(Verb verb) {
  return verb == Verb::run || verb == Verb::sweep;
}

std::string everything() {
  constexpr std::size_t code_indent = 8;
  std::string text =
      "lockbench: which lock should a task queue use, here, under this load?\n"
      "\n"
      "Usage: bench [VERB] [OPTIONS]\n" +
      verbs_help() + "\nExamples:\n  bench --strategy rwlock --threads 16\n";
  for (const auto& verb : verb_table()) {
    if (measures(verb.verb) || verb.verb == Verb::help) {
      text += fmt::format("  bench {}\n", verb.example);
    }
  }
  text += "\nExit codes:\n";
  for (const auto& [code, meaning] : exit_codes) {
    text += entry(fmt::format("{}", static_cast<int>(code)), meaning, code_indent);
  }
  return text + "\nThe options of a verb: bench help VERB\n";
}

std::string one_verb(const VerbSpec& verb) {
  auto text = fmt::format("Usage: {}\n\n{}\n", usage_of(verb), wrapped(verb.description, 0));
  text += options_help(verb);
  if (measures(verb.verb) || verb.verb == Verb::verify) {
    text += "\nValues:\n";
    for (const auto line : value_syntax) {
      text += fmt::format("  {}\n", wrapped(line, term_indent));
    }
    text += "\nStrategies and workloads: bench list\n";
  }
  return text + fmt::format("\nExample:\n  bench {}\n", verb.example);
}

}  // namespace

std::string help_text(std::string_view topic) {
  const auto* const verb = find_verb(topic);
  return verb == nullptr || verb->hidden ? everything() : one_verb(*verb);
}

}  // namespace lockbench
