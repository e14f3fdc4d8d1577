#include "harness/cli/tokens.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include <CLI/CLI.hpp>

#include "harness/base/errors.hpp"
#include "harness/base/text/quotes.hpp"
#include "harness/cli/suggestion.hpp"
#include "harness/cli/verbs.hpp"

namespace lockbench {
namespace {

Error missing_value(const OptionSpec& option) {
  return usage_error(
      fmt::format("{} needs a value; expected {}", option.name, expectation(option)));
}

std::string names_of(VerbSet verbs) {
  std::vector<std::string_view> names;
  for (const auto& verb : verb_table()) {
    if (!verb.hidden && verbs.contains(verb.verb)) names.push_back(verb.name);
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

Error unknown_option(Verb verb, const std::string& word) {
  const auto verb_name = verb_spec(verb).name;
  const auto name = word.substr(0, word.find('='));
  if (const auto* const option = find_option(name)) {
    return usage_error(fmt::format("{} does not go with '{}', only with: {}", option->name,
                                   verb_name, names_of(option->verbs)));
  }
  std::vector<std::string_view> known;
  for (const auto& option : option_table()) {
    if (option.verbs.contains(verb)) known.push_back(option.name);
  }
  const auto near = nearest(name, known);
  return usage_error(fmt::format("unknown option {} of '{}'; {}see: bench help {}", in_quotes(name),
                                 verb_name, near ? fmt::format("did you mean '{}'? ", *near) : "",
                                 verb_name));
}

/// `-1` is a bad number, `-h` an option.
bool looks_like_an_option(const std::string& word) {
  return word.starts_with("--") ||
         (word.size() > 1 && word[0] == '-' && std::isalpha(static_cast<unsigned char>(word[1])));
}

/// CLI11 takes `--out=` for `--out` and would read the next word as its value.
void refuse_bad_equals_signs(Verb verb, std::span<const std::string> arguments) {
  for (const auto& word : arguments) {
    const auto sign = word.find('=');
    if (!word.starts_with("--") || sign == std::string::npos) continue;
    const auto* const option = find_option(word.substr(0, sign));
    if (option == nullptr || !option->verbs.contains(verb)) continue;
    if (option->kind == ValueKind::flag) {
      throw usage_error(
          fmt::format("{} takes no value, got {}", option->name, in_quotes(word.substr(sign + 1))));
    }
    if (sign + 1 == word.size()) throw missing_value(*option);
  }
}

void check_values(const GivenOption& given) {
  const auto& option = *given.option;
  for (const auto& text : given.texts) {
    if (text.empty() || looks_like_an_option(text)) throw missing_value(option);
  }
  if (given.texts.size() > 1 && !is_list(option.kind)) {
    throw usage_error(fmt::format("{} is given more than once", option.name));
  }
}

}  // namespace

Tokens split_into_tokens(Verb verb, std::span<const std::string> arguments) {
  CLI::App app;
  app.set_help_flag();  // the table has its own
  app.allow_extras();   // told apart below, in our own words
  std::vector<std::pair<const OptionSpec*, CLI::Option*>> declared;
  for (const auto& option : option_table()) {
    if (!option.verbs.contains(verb)) continue;
    auto names = std::string(option.name);
    if (!option.short_name.empty()) names += fmt::format(",{}", option.short_name);
    auto* const added =
        option.kind == ValueKind::flag ? app.add_flag(names) : app.add_option(names);
    added->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    declared.emplace_back(&option, added);
  }

  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // as CLI11 wants them
  try {
    refuse_bad_equals_signs(verb, arguments);
    app.parse(reversed);
  } catch (const CLI::ParseError& error) {
    // Values are taken greedily, so only the last word can be an option left without one.
    if (const auto* const last = find_option(arguments.back())) throw missing_value(*last);
    throw usage_error(error.what());
  }

  Tokens tokens;
  for (const auto& [option, found] : declared) {
    if (found->count() == 0) continue;
    GivenOption given{.option = option, .texts = {}};
    if (option->kind != ValueKind::flag) given.texts = found->results();
    tokens.options.push_back(std::move(given));
  }
  tokens.operands = app.remaining();
  const bool asks_for_help = std::ranges::any_of(
      tokens.options, [](const GivenOption& given) { return given.option->name == "--help"; });
  if (asks_for_help) return tokens;
  for (const auto& given : tokens.options) check_values(given);
  for (const auto& word : tokens.operands) {
    if (word.starts_with('-') && word.size() > 1) throw unknown_option(verb, word);
  }
  return tokens;
}

}  // namespace lockbench
