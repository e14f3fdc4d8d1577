#include "harness/cli/options.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include "harness/cli/verb_table.hpp"
#include "harness/tests/cli/fixture.hpp"
#include "harness/verbs/verbs.hpp"
#include "harness/workloads/catalogue.hpp"

namespace lockbench {
namespace {

using test::parsed;
using test::Words;

/// The shortest line on which `verb` accepts the option.
Words line_for(const VerbSpec& verb, const OptionSpec& option) {
  Words words{std::string(verb.name)};
  if (verb.operand == "DIR") words.emplace_back("somewhere");
  if (verb.verb == Verb::pitfall) words.emplace_back("race");
  // Options that only some workloads use are refused without one of them.
  for_each_parameter([&](const auto& parameter) {
    if (parameter.option.name != option.name || common_parameters.contains(parameter.name)) return;
    const auto user = std::ranges::find_if(workload_catalogue(), [&](const WorkloadInfo& workload) {
      return workload.uses.contains(parameter.name);
    });
    words.push_back("--workload=" + std::string(user->name));
  });
  if (option.name == "--slo") words.emplace_back("--workload=open_loop");
  if (option.name == "--budget") words.emplace_back("--precision=2%");
  for (const std::string work : {"--critical-section", "--think"}) {
    if (option.name == work + "-jitter") words.push_back(work + "=1us");
  }
  return words;
}

CommandLine with_value(const VerbSpec& verb, const OptionSpec& option, std::string_view value) {
  auto words = line_for(verb, option);
  words.emplace_back(option.name);
  if (!option.is_flag()) words.emplace_back(value);
  return parsed(words);
}

template <class Check>
void for_each_use(Check check) {
  for (const auto& option : option_table()) {
    for (const auto& verb : verb_table()) {
      if (!option.verbs.contains(verb.verb)) continue;
      SCOPED_TRACE(std::string(verb.name) + " " + std::string(option.name));
      check(verb, option);
    }
  }
}

Words examples_of(const OptionSpec& option) {
  constexpr std::string_view separator = " or ";
  const auto middle = option.value.example.find(separator);
  if (middle == std::string_view::npos) return {std::string(option.value.example)};
  return {std::string(option.value.example.substr(0, middle)),
          std::string(option.value.example.substr(middle + separator.size()))};
}

TEST(OptionTable, names_are_unique_and_start_with_dashes) {
  std::set<std::string_view> names;
  for (const auto& option : option_table()) {
    EXPECT_TRUE(option.name.starts_with("--")) << option.name;
    EXPECT_TRUE(names.insert(option.name).second) << option.name;
    EXPECT_EQ(find_option(option.name), &option);
  }
  EXPECT_EQ(find_option("-h"), find_option("--help"));
  EXPECT_EQ(find_option(""), nullptr);
}

TEST(OptionTable, every_option_has_an_effect_with_every_verb_it_names) {
  for_each_use([](const VerbSpec& verb, const OptionSpec& option) {
    if (option.name == "--standard") return;  // says the default out loud
    if (verb.verb == Verb::help && option.name == "--help") return;
    if (verb.verb == Verb::version && option.name == "--version") return;
    // Stands in the place of a name.
    if (verb.verb == Verb::pitfall && option.section == Section::output) return;
    // Beside the examples, as a grid may happen to hold one of them.
    auto values = examples_of(option);
    values.emplace_back(option.default_value.empty() ? option.value.example : option.default_value);
    const auto without = parsed(line_for(verb, option));
    EXPECT_TRUE(std::ranges::any_of(values, [&](const std::string& value) {
      return with_value(verb, option, value) != without;
    }));
  });
}

TEST(OptionTable, whatever_a_request_says_is_known_to_a_run_that_is_resumed) {
  for_each_use([](const VerbSpec& verb, const OptionSpec& option) {
    if (verb.verb != Verb::run && verb.verb != Verb::sweep) return;
    for (const auto& value : examples_of(option)) {
      const auto request = with_value(verb, option, value).request;
      EXPECT_EQ(request_from_json(to_json(request)), request);
    }
  });
}

TEST(OptionTable, stated_defaults_are_the_real_ones) {
  for_each_use([](const VerbSpec& verb, const OptionSpec& option) {
    if (option.default_value.empty() || (verb.verb == Verb::sweep && option.set_by_sweep)) return;
    if (verb.verb == Verb::verify && !option.verify_default.empty()) return;  // below
    EXPECT_EQ(with_value(verb, option, option.default_value), parsed(line_for(verb, option)));
  });
}

TEST(OptionTable, stated_defaults_of_verify_are_the_real_ones) {
  const auto& threads = *find_option("--threads");
  EXPECT_EQ(parsed({"verify", "--threads", std::string(threads.verify_default)}),
            parsed({"verify"}));
  EXPECT_EQ(parsed({"verify"}).duration_s, 60);
}

TEST(OptionTable, whatever_takes_a_value_shows_one) {
  for (const auto& option : option_table()) {
    EXPECT_EQ(option.value.expectation.empty(), option.is_flag()) << option.name;
    EXPECT_EQ(option.value.example.empty(), option.is_flag()) << option.name;
    EXPECT_FALSE(option.help.empty()) << option.name;
  }
}

TEST(OptionTable, help_man_page_and_completion_know_every_option) {
  const auto man = man_page("1");
  const auto completion = bash_completion(test::catalogue);
  for_each_use([&](const VerbSpec& verb, const OptionSpec& option) {
    EXPECT_NE(help_text(verb.name).find(option.name), std::string::npos);
    EXPECT_NE(completion.find(option.name), std::string::npos);
    std::string in_roff;
    for (const char c : option.name) in_roff += c == '-' ? "\\-" : std::string(1, c);
    EXPECT_NE(man.find("\\fB" + in_roff + "\\fR"), std::string::npos);
  });
}

TEST(VerbTable, examples_of_the_help_are_accepted) {
  for (const auto& verb : verb_table()) {
    Words words;
    std::string_view rest = verb.example;
    while (!rest.empty()) {
      const auto word = rest.substr(0, rest.find(' '));
      rest.remove_prefix(std::min(rest.size(), word.size() + 1));
      if (word == "|" || word == ">") break;
      words.emplace_back(word);
    }
    EXPECT_EQ(parsed(words).verb, verb.verb) << verb.example;
  }
}

}  // namespace
}  // namespace lockbench
