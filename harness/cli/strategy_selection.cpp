#include "harness/cli/strategy_selection.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/errors.hpp"
#include "harness/base/text/quotes.hpp"
#include "harness/base/text/suggestion.hpp"

namespace lockbench {
namespace {

bool in_group(const StrategyTraits& traits, std::string_view group) {
  if (group == all_strategies) return true;
  return !group.empty() && std::ranges::find(traits.tags, group) != traits.tags.end();
}

/// For an entry that means no strategy.
Error meaningless(const std::string& entry, std::span<const StrategyTraits> catalogue) {
  const auto words = strategy_words(catalogue);
  if (std::ranges::find(words, entry) != words.end()) {
    return usage_error(
        fmt::format("--strategy {} matches no strategy that may run unless it is "
                    "asked for by name; see: bench list",
                    entry));
  }
  const std::span all(words);
  const auto names = catalogue.size() + 1;
  auto allowed = fmt::format("{}", fmt::join(all.first(names), ", "));
  if (names < all.size())
    allowed += fmt::format(", or a tag: {}", fmt::join(all.subspan(names), ", "));
  return usage_error(fmt::format("unknown strategy {}; {}allowed: {}", in_quotes(entry),
                                 did_you_mean(entry, words), allowed));
}

}  // namespace

std::vector<std::string_view> tags_of(std::span<const StrategyTraits> catalogue) {
  std::vector<std::string_view> tags;
  for (const auto& traits : catalogue) {
    for (const auto tag : traits.tags) {
      if (!tag.empty() && std::ranges::find(tags, tag) == tags.end()) tags.push_back(tag);
    }
  }
  return tags;
}

std::vector<std::string_view> strategy_words(std::span<const StrategyTraits> catalogue) {
  std::vector<std::string_view> words;
  for (const auto& traits : catalogue) words.push_back(traits.name);
  words.push_back(all_strategies);
  std::ranges::copy(tags_of(catalogue), std::back_inserter(words));
  return words;
}

std::vector<std::string> select_strategies(std::span<const std::string> entries,
                                           std::span<const StrategyTraits> catalogue) {
  std::vector<bool> selected(catalogue.size());
  for (const auto& entry : entries) {
    const bool is_name =
        std::ranges::find(catalogue, entry, &StrategyTraits::name) != catalogue.end();
    bool matched = false;
    for (std::size_t i = 0; i < catalogue.size(); ++i) {
      const auto& traits = catalogue[i];
      const bool is_meant =
          is_name ? traits.name == entry
                  : in_group(traits, entry) && traits.conformance != Conformance::single_threaded;
      if (is_meant) selected[i] = matched = true;
    }
    if (!matched) throw meaningless(entry, catalogue);
  }
  std::vector<std::string> names;
  for (std::size_t i = 0; i < catalogue.size(); ++i) {
    if (selected[i]) names.emplace_back(catalogue[i].name);
  }
  return names;
}

}  // namespace lockbench
