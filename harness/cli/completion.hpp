#pragma once

#include <span>
#include <string>

#include "strategies/task_queue.hpp"

namespace lockbench {

/// A script for bash (4.4 or later, without the bash-completion package) that completes verbs,
/// options and their values.
[[nodiscard]] std::string bash_completion(std::span<const StrategyTraits> catalogue);

}  // namespace lockbench
