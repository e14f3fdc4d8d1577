#pragma once

/// The list of all pitfalls. To add one: write its file, and add its name to pitfalls.cpp.

#include <span>
#include <string_view>
#include <vector>

#include "harness/pitfalls/pitfall.hpp"

namespace lockbench {

/// The word that stands for all of them.
inline constexpr std::string_view every_pitfall = "all";

/// In the order in which they are listed and run.
[[nodiscard]] std::span<const Pitfall> all_pitfalls();

/// Returns null if there is none of this name.
[[nodiscard]] const Pitfall* find_pitfall(std::string_view name);

[[nodiscard]] std::vector<std::string_view> pitfall_names();

}  // namespace lockbench
