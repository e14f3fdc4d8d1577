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

Error unknown_strategy(const std::string& entry, std::span<const StrategyTraits> catalogue) {
  std::vector<std::string_view> known;
  for (const auto& traits : catalogue) known.push_back(traits.name);
  known.push_back(all_strategies);
  auto allowed = fmt::format("{}", fmt::join(known, ", "));
  const auto tags = tags_of(catalogue);
  if (!tags.empty()) allowed += fmt::format(", or a tag: {}", fmt::join(tags, ", "));
  known.insert(known.end(), tags.begin(), tags.end());
  return usage_error(fmt::format("unknown strategy {}; {}allowed: {}", in_quotes(entry),
                                 did_you_mean(entry, known), allowed));
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

std::vector<std::string> select_strategies(std::span<const std::string> entries,
                                           std::span<const StrategyTraits> catalogue) {
  std::vector<bool> selected(catalogue.size());
  for (const auto& entry : entries) {
    const auto named = std::ranges::find(catalogue, entry, &StrategyTraits::name);
    if (named != catalogue.end()) {
      selected[static_cast<std::size_t>(named - catalogue.begin())] = true;
      continue;
    }
    bool known = entry == all_strategies;
    bool matched = false;
    for (std::size_t i = 0; i < catalogue.size(); ++i) {
      if (!in_group(catalogue[i], entry)) continue;
      known = true;
      if (catalogue[i].conformance == Conformance::single_threaded) continue;
      selected[i] = matched = true;
    }
    if (!known) throw unknown_strategy(entry, catalogue);
    if (!matched) {
      throw usage_error(
          fmt::format("--strategy {} matches no strategy that may run unless it is "
                      "asked for by name; see: bench list",
                      entry));
    }
  }
  std::vector<std::string> names;
  for (std::size_t i = 0; i < catalogue.size(); ++i) {
    if (selected[i]) names.emplace_back(catalogue[i].name);
  }
  return names;
}

}  // namespace lockbench
