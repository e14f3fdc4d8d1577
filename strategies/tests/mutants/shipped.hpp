#pragma once

/// For planted bugs that deviate from a shipped strategy: the same templates, with one faulty part.

#include <string_view>

#include "strategies/task_queue.hpp"

namespace lockbench::mutants {

/// What the shipped strategy `Q` claims, under another name.
template <TaskQueue Q>
constexpr StrategyTraits claims_of(std::string_view name, std::string_view summary) noexcept {
  auto traits = Q::traits;
  traits.name = name;
  traits.summary = summary;
  traits.source = "planted";
  return traits;
}

}  // namespace lockbench::mutants
