#pragma once

/// Turns the words of `--strategy` into names of strategies.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "strategies/task_queue.hpp"

namespace lockbench {

/// Stands for every strategy that `all` may stand for.
inline constexpr std::string_view all_strategies = "all";

/// Returns names in registry order, without repeats. An entry is a name, `all`, or a tag. Strategies that
/// are only safe from one thread run when asked for by name, never as part of a group.
/// Throws `Error` (`ExitCode::usage`) on an unknown entry, suggesting the nearest, and on one that
/// matches nothing.
[[nodiscard]] std::vector<std::string> select_strategies(std::span<const std::string> entries,
                                                         std::span<const StrategyTraits> catalogue);

/// Returns the tags that strategies carry, each once, in order of appearance.
[[nodiscard]] std::vector<std::string_view> tags_of(std::span<const StrategyTraits> catalogue);

/// Returns everything that `select_strategies` accepts: names, `all`, and tags, in this order.
[[nodiscard]] std::vector<std::string_view> strategy_words(
    std::span<const StrategyTraits> catalogue);

}  // namespace lockbench
