#include "harness/cli/command_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/base/errors.hpp"
#include "harness/base/text/quotes.hpp"
#include "harness/cli/contradictions.hpp"
#include "harness/cli/option_values.hpp"
#include "harness/cli/options.hpp"
#include "harness/cli/strategy_selection.hpp"
#include "harness/cli/suggestion.hpp"
#include "harness/cli/sweep_grid.hpp"
#include "harness/cli/tokens.hpp"
#include "harness/cli/verbs.hpp"
#include "harness/pitfalls/registry.hpp"
#include "harness/plan/catalogue.hpp"

namespace lockbench {
namespace {

using Arguments = std::span<const std::string>;
using Catalogue = std::span<const StrategyTraits>;

Error nothing_asked_for() {
  return usage_error(
      "nothing to do; for example:\n"
      "  bench --strategy rwlock --threads 16   measure one case\n"
      "  bench sweep --quick                    compare all strategies\n"
      "  bench list                             show what can be measured\n"
      "  bench help                             explain everything");
}

Error unknown_verb(const std::string& word, Catalogue catalogue) {
  if (std::ranges::find(catalogue, word, &StrategyTraits::name) != catalogue.end()) {
    return usage_error(
        fmt::format("'{}' is a strategy; measure it by: bench --strategy {}", word, word));
  }
  const auto names = verb_names();
  const auto near = nearest(word, names);
  return usage_error(fmt::format("unknown verb {}; {}allowed: {}", in_quotes(word),
                                 near ? fmt::format("did you mean '{}'? ", *near) : "",
                                 fmt::join(names, ", ")));
}

const VerbSpec& known_verb(const std::string& word, Catalogue catalogue) {
  const auto* const verb = find_verb(word);
  if (verb == nullptr || verb->hidden) throw unknown_verb(word, catalogue);
  return *verb;
}

/// The verb, and how many words it took: none when it is implied.
struct Beginning {
  Verb verb = Verb::run;
  std::size_t words = 0;
};

Beginning read_verb(Arguments arguments, Catalogue catalogue) {
  if (arguments.empty()) throw nothing_asked_for();
  const auto& first = arguments.front();
  if (first == verb_spec(Verb::child).name) return {.verb = Verb::child, .words = 1};
  if (first.starts_with('-') && first.size() > 1) return {.verb = Verb::run, .words = 0};
  return {.verb = known_verb(first, catalogue).verb, .words = 1};
}

bool has(const Tokens& tokens, std::string_view name) {
  return std::ranges::any_of(
      tokens.options, [name](const GivenOption& given) { return given.option->name == name; });
}

/// What is measured where no option says otherwise.
void set_defaults(CommandLine& line, const Tokens& tokens, Catalogue catalogue) {
  if (line.verb != Verb::run && line.verb != Verb::sweep && line.verb != Verb::verify) return;
  if (line.verb == Verb::verify) line.request.threads = {2, 3, 4, 8};
  if (line.verb == Verb::sweep) {
    if (has(tokens, "--quick")) line.sweep_size = SweepSize::quick;
    if (has(tokens, "--full")) line.sweep_size = SweepSize::full;
    line.request = sweep_grid(line.sweep_size);
  }
  line.request.strategies = select_strategies(std::array{std::string(all_strategies)}, catalogue);
}

/// One name, unless they are to be listed.
std::string known_pitfall(const std::string& word) {
  if (word == every_pitfall || find_pitfall(word) != nullptr) return word;
  const auto names = pitfall_names();
  const auto near = nearest(word, names);
  throw usage_error(fmt::format("unknown pitfall {}; {}allowed: {}, {}", in_quotes(word),
                                near ? fmt::format("did you mean '{}'? ", *near) : "",
                                fmt::join(names, ", "), every_pitfall));
}

void set_pitfall(CommandLine& line, std::vector<std::string>& operands) {
  if (line.lists_pitfalls) return;
  if (operands.empty()) {
    throw usage_error(fmt::format("pitfall needs a name: bench pitfall NAME; allowed: {}, {}",
                                  fmt::join(pitfall_names(), ", "), every_pitfall));
  }
  line.pitfall = known_pitfall(operands.front());
  operands.erase(operands.begin());
}

void set_operands(CommandLine& line, std::vector<std::string> operands, Catalogue catalogue) {
  if (line.verb == Verb::report) {
    if (operands.empty() || operands.front().empty()) {
      throw usage_error("report needs the directory of a run: bench report DIR");
    }
    line.report_dir = operands.front();
    operands.erase(operands.begin());
  }
  if (line.verb == Verb::help && !operands.empty()) {
    line.help_topic = known_verb(operands.front(), catalogue).name;
    operands.erase(operands.begin());
  }
  if (line.verb == Verb::pitfall) set_pitfall(line, operands);
  if (operands.empty()) return;
  const auto verb = verb_spec(line.verb).name;
  const auto& word = operands.front();
  const bool measures = line.verb == Verb::run || line.verb == Verb::sweep;
  throw usage_error(
      fmt::format("'{}' cannot use the word {}{}", verb, in_quotes(word),
                  find_verb(word) != nullptr
                      ? fmt::format("; a verb comes first: bench {}", word)
                      : std::string(measures ? "; entries of a list are joined by commas" : "")));
}

/// `run --help` and `--help run` are about run, `--help` alone about everything.
std::string topic_of(const Beginning& beginning, const Tokens& tokens) {
  if (beginning.words > 0 && beginning.verb != Verb::help) {
    return std::string(verb_spec(beginning.verb).name);
  }
  for (const auto& word : tokens.operands) {
    const auto* const verb = find_verb(word);
    if (verb != nullptr && !verb->hidden) return word;
  }
  return {};
}

}  // namespace

CommandLine parse_command_line(Arguments arguments, std::span<const StrategyTraits> catalogue) {
  const auto beginning = read_verb(arguments, catalogue);
  const auto rest = arguments.subspan(beginning.words);
  CommandLine line;
  line.verb = beginning.verb;
  if (line.verb == Verb::child) {
    line.child_arguments.assign(rest.begin(), rest.end());
    return line;
  }
  const auto tokens = split_into_tokens(line.verb, rest);
  if (has(tokens, "--help")) {
    line.help_topic = topic_of(beginning, tokens);
    line.verb = Verb::help;
    return line;
  }
  if (has(tokens, "--version")) {
    line.verb = Verb::version;
    return line;
  }
  set_defaults(line, tokens, catalogue);
  std::vector<std::string_view> given;
  for (const auto& [option, texts] : tokens.options) {
    option->apply(line, {.option = *option, .texts = texts, .catalogue = catalogue});
    given.push_back(option->name);
  }
  set_operands(line, tokens.operands, catalogue);
  refuse_contradictions(line, given);
  return line;
}

CommandLine parse_command_line(Arguments arguments) {
  return parse_command_line(arguments, strategy_catalogue());
}

}  // namespace lockbench
