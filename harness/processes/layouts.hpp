#pragma once

/// The layouts of the measuring code: programs linked from the same object files with their functions
/// in different places, so that where code happens to lie is a random effect and not part of a result
/// (Mytkowicz et al., "Producing Wrong Data Without Doing Anything Obviously Wrong!", 2009; Curtsinger
/// and Berger, "Stabilizer", 2013). cmake/layouts.cmake makes them.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lockbench {

/// Returns the paths of the layouts that belong to this program: layout 1 first. Empty for a build
/// that made none, as builds for debugging do.
[[nodiscard]] const std::vector<std::string>& layout_programs();

/// Returns how many layouts a run uses that asked for so many, or, when empty, for all. Throws `Error`
/// (usage) when there are fewer.
[[nodiscard]] std::uint32_t layouts_to_use(std::optional<std::uint32_t> asked);

}  // namespace lockbench
