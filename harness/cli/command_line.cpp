#include "harness/cli/command_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include <CLI/CLI.hpp>

#include "harness/base/errors.hpp"
#include "harness/base/text/quotes.hpp"
#include "harness/base/text/suggestion.hpp"
#include "harness/cli/options.hpp"
#include "harness/cli/strategy_selection.hpp"
#include "harness/cli/verb_table.hpp"
#include "harness/pitfalls/pitfalls.hpp"

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

const VerbSpec& known_verb(const std::string& word, Catalogue catalogue) {
  if (const auto* const verb = find_verb(word)) return *verb;
  if (std::ranges::find(catalogue, word, &StrategyTraits::name) != catalogue.end()) {
    throw usage_error(
        fmt::format("'{}' is a strategy; measure it by: bench --strategy {}", word, word));
  }
  const auto names = verb_names();
  throw usage_error(fmt::format("unknown verb {}; {}allowed: {}", in_quotes(word),
                                did_you_mean(word, names), fmt::join(names, ", ")));
}

Error missing_value(const OptionSpec& option) {
  return usage_error(
      fmt::format("{} needs a value; expected {}", option.name, option.value.expectation));
}

Error unknown_option(const VerbSpec& verb, const std::string& word) {
  const auto name = word.substr(0, word.find('='));
  if (const auto* const option = find_option(name)) {
    return usage_error(fmt::format("{} does not go with '{}', only with: {}", option->name,
                                   verb.name, names_of(option->verbs)));
  }
  std::vector<std::string_view> known;
  for (const auto& option : option_table()) {
    if (option.verbs.contains(verb.verb)) known.push_back(option.name);
  }
  return usage_error(fmt::format("unknown option {} of '{}'; {}see: bench help {}", in_quotes(name),
                                 verb.name, did_you_mean(name, known), verb.name));
}

/// `-1` is a bad number, `-h` an option.
bool is_no_value(const std::string& word) {
  return word.empty() || word.starts_with("--") ||
         (word.size() > 1 && word[0] == '-' && std::isalpha(static_cast<unsigned char>(word[1])));
}

/// Splits the words after a verb into its options and operands, by CLI11.
class VerbParser {
public:
  explicit VerbParser(const VerbSpec& verb) : verb_(verb) {
    app_.set_help_flag();  // the table has its own
    app_.allow_extras();   // operands, and mistakes that are told apart below
    for (const auto& option : option_table()) {
      if (!option.verbs.contains(verb.verb)) continue;
      const auto names = option.short_name.empty()
                             ? option.name
                             : fmt::format("{},{}", option.name, option.short_name);
      auto* const found = option.is_flag() ? app_.add_flag(names) : app_.add_option(names);
      found->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
      options_.emplace_back(&option, found);
    }
  }

  /// Finds options and operands, and checks that each could belong to the verb; values are not read
  /// yet. `--help` forgives most mistakes.
  void split(Arguments arguments) {
    refuse_bad_equals_signs(arguments);
    try {
      app_.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    } catch (const CLI::ParseError& error) {
      // Values are taken greedily, so only the last word can be an option left without one.
      if (const auto* const last = find_option(arguments.back())) throw missing_value(*last);
      throw usage_error(error.what());
    }
    if (!has("--help")) check_words();
  }

  [[nodiscard]] bool has(const std::string& option) const {
    return app_.get_option_no_throw(option) != nullptr && app_.count(option) > 0;
  }

  /// The words that belong to no option; unknown options are among them.
  [[nodiscard]] std::vector<std::string> operands() const { return app_.remaining(); }

  /// Puts all values in their place, and returns the names of the options that were typed.
  std::vector<std::string_view> apply(CommandLine& line, Catalogue catalogue) const {
    std::vector<std::string_view> names;
    for (const auto& [option, found] : options_) {
      if (found->count() == 0) continue;
      names.push_back(option->name);
      if (option->apply) {
        option->apply(line, {option->name, option->value, found->results(), catalogue});
      }
    }
    return names;
  }

private:
  /// CLI11 takes `--out=` for `--out` and would read the next word as its value.
  void refuse_bad_equals_signs(Arguments arguments) const {
    for (const auto& word : arguments) {
      const auto sign = word.find('=');
      if (!word.starts_with("--") || sign == std::string::npos) continue;
      const auto* const option = find_option(word.substr(0, sign));
      if (option == nullptr || !option->verbs.contains(verb_.verb)) continue;
      if (option->is_flag()) {
        throw usage_error(fmt::format("{} takes no value, got {}", option->name,
                                      in_quotes(word.substr(sign + 1))));
      }
      if (sign + 1 == word.size()) throw missing_value(*option);
    }
  }

  void check_words() const {
    for (const auto& [option, found] : options_) {
      if (option->is_flag() || found->count() == 0) continue;
      const auto& texts = found->results();
      if (std::ranges::any_of(texts, is_no_value)) throw missing_value(*option);
      if (texts.size() > 1 && !option->value.is_list) {
        throw usage_error(fmt::format("{} is given more than once", option->name));
      }
    }
    for (const auto& word : operands()) {
      if (word.starts_with('-') && word.size() > 1) throw unknown_option(verb_, word);
    }
  }

  const VerbSpec& verb_;
  CLI::App app_;
  std::vector<std::pair<const OptionSpec*, const CLI::Option*>> options_;
};

/// Fills in what is measured where no option says otherwise.
void set_defaults(CommandLine& line, const VerbParser& parser, Catalogue catalogue) {
  if (line.verb == Verb::verify) line.request.threads = {2, 3, 4, 8};
  if (line.verb == Verb::sweep) {
    for (const auto& [size, option] : enum_names(SweepSize{})) {
      if (parser.has(std::string(option))) line.sweep_size = size;
    }
    line.request = sweep_grid(line.sweep_size);
  }
  if (line.verb == Verb::run || line.verb == Verb::sweep || line.verb == Verb::verify) {
    line.request.strategies = select_strategies(std::array{std::string(all_strategies)}, catalogue);
  }
}

std::string known_pitfall(Arguments operands) {
  const auto allowed = fmt::format("{}, {}", fmt::join(pitfall_names(), ", "), every_pitfall);
  if (operands.empty()) {
    throw usage_error(
        fmt::format("pitfall needs a name: bench pitfall NAME; allowed: {}", allowed));
  }
  const auto& word = operands.front();
  if (word == every_pitfall || find_pitfall(word) != nullptr) return word;
  throw usage_error(fmt::format("unknown pitfall {}; {}allowed: {}", in_quotes(word),
                                did_you_mean(word, pitfall_names()), allowed));
}

void set_operands(CommandLine& line, Arguments operands, Catalogue catalogue) {
  bool takes_first = true;
  if (line.verb == Verb::report) {
    if (operands.empty() || operands.front().empty()) {
      throw usage_error("report needs the directory of a run: bench report DIR");
    }
    line.report_dir = operands.front();
  } else if (line.verb == Verb::help && !operands.empty()) {
    line.help_topic = known_verb(operands.front(), catalogue).name;
  } else if (line.verb == Verb::pitfall && !line.lists_pitfalls) {
    line.pitfall = known_pitfall(operands);
  } else {
    takes_first = false;
  }
  if (takes_first) operands = operands.subspan(1);
  if (operands.empty()) return;
  const auto& word = operands.front();
  const bool measures = line.verb == Verb::run || line.verb == Verb::sweep;
  throw usage_error(
      fmt::format("'{}' cannot use the word {}{}", verb_spec(line.verb).name, in_quotes(word),
                  find_verb(word) != nullptr
                      ? fmt::format("; a verb comes first: bench {}", word)
                      : std::string(measures ? "; entries of a list are joined by commas" : "")));
}

/// Returns the verb that help is asked about: `run` for `run --help` and `--help run`, nothing for
/// `--help` alone.
std::string topic_of(const VerbSpec* verb, Arguments operands) {
  if (verb != nullptr && verb->verb != Verb::help) return std::string(verb->name);
  for (const auto& word : operands) {
    if (find_verb(word) != nullptr) return word;
  }
  return {};
}

}  // namespace

CommandLine parse_command_line(Arguments arguments, Catalogue catalogue) {
  if (arguments.empty()) throw nothing_asked_for();
  const auto& first = arguments.front();
  CommandLine line;
  if (first == "child") {
    line.verb = Verb::child;
    line.child_arguments.assign(arguments.begin() + 1, arguments.end());
    return line;
  }
  const bool run_is_implied = first.starts_with('-') && first.size() > 1;
  const auto* const typed_verb = run_is_implied ? nullptr : &known_verb(first, catalogue);
  const auto& verb = run_is_implied ? verb_spec(Verb::run) : *typed_verb;
  VerbParser parser(verb);
  parser.split(arguments.subspan(run_is_implied ? 0 : 1));

  if (parser.has("--help")) {
    line.verb = Verb::help;
    line.help_topic = topic_of(typed_verb, parser.operands());
  } else if (parser.has("--version")) {
    line.verb = Verb::version;
  } else {
    line.verb = verb.verb;
    set_defaults(line, parser, catalogue);
    const auto given = parser.apply(line, catalogue);
    set_operands(line, parser.operands(), catalogue);
    refuse_contradictions(line, given);
  }
  return line;
}

}  // namespace lockbench
