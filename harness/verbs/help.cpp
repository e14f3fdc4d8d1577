#include "harness/verbs/help.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text/width.hpp"
#include "harness/cli/verb_table.hpp"
#include "harness/verbs/verbs.hpp"

namespace lockbench {
namespace {

constexpr std::size_t term_indent = 2;

std::string grid_text(const Request& grid) {
  return fmt::format("--workload {} --threads {} --read-ratio {} --windows {} --processes {}",
                     fmt::join(grid.workload, ","), fmt::join(grid.threads, ","),
                     fmt::join(grid.read_ratio, ","), grid.windows, grid.processes);
}

std::string default_of(const OptionSpec& option, std::optional<Verb> verb) {
  if (verb == Verb::verify && !option.verify_default.empty()) return option.verify_default;
  if (!option.default_note.empty()) return option.default_note;
  if (!option.set_by_sweep || verb == Verb::run) return option.default_value;
  if (verb == Verb::sweep) return "the grid's";
  return fmt::format("{}, for sweep the grid's", option.default_value);
}

/// `  term        its meaning, wrapped behind itself`
std::string entry(std::string_view term, std::string_view meaning, std::size_t meaning_indent) {
  const auto room = meaning_indent - term_indent;
  auto text = fmt::format("{:{}}{:{}}", "", term_indent, term, room);
  if (term.size() + 1 > room) text += fmt::format("\n{:{}}", "", meaning_indent);
  return text + wrapped(meaning, meaning_indent) + "\n";
}

std::string options_help(const VerbSpec& verb) {
  constexpr std::size_t indent = 22;
  std::string text;
  for (const auto& [section, heading] : enum_names(Section{})) {
    std::string entries;
    for (const auto& option : option_table()) {
      if (option.section != section || !option.verbs.contains(verb.verb)) continue;
      entries += entry(usage_of(option), description_of(option, verb.verb), indent);
    }
    if (!entries.empty()) text += fmt::format("\n{}:\n{}", heading, entries);
  }
  return text;
}

bool measures(Verb verb) {
  return verb == Verb::run || verb == Verb::sweep;
}

std::string everything() {
  constexpr std::size_t name_indent = 14;
  constexpr std::size_t code_indent = 8;
  std::string text =
      "lockbench: which lock should a task queue use, here, under this load?\n"
      "\n"
      "Usage: bench [VERB] [OPTIONS]\n"
      "\nVerbs:\n";
  for (const auto& verb : verb_table()) text += entry(verb.name, verb.summary, name_indent);
  text += "\nExamples:\n  bench --strategy rwlock --threads 16\n";
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
  const bool has_options = std::ranges::any_of(option_table(), [&](const OptionSpec& option) {
    return option.verbs.contains(verb.verb) && option.section != Section::general;
  });
  auto text =
      fmt::format("Usage: bench {}{}{}{}\n\n{}\n", verb.name, verb.operand.empty() ? "" : " ",
                  verb.operand, has_options ? " [OPTIONS]" : "", wrapped(verb.description, 0));
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

std::string usage_of(const OptionSpec& option) {
  return fmt::format("{}{}{}{}{}", option.short_name, option.short_name.empty() ? "" : ", ",
                     option.name, option.is_flag() ? "" : " ", option.placeholder);
}

std::string description_of(const OptionSpec& option, std::optional<Verb> verb) {
  if (const auto size = from_string<SweepSize>(option.name)) {
    return option.help + ": " + grid_text(sweep_grid(*size));
  }
  auto text = option.help;
  if (!option.value.range.empty()) text += "; " + option.value.range;
  if (const auto usual = default_of(option, verb); !usual.empty()) text += "; default: " + usual;
  return text;
}

std::string help_text(std::string_view topic) {
  const auto* const verb = find_verb(topic);
  return verb == nullptr ? everything() : one_verb(*verb);
}

}  // namespace lockbench
