#pragma once

/// The standard grids of `bench sweep`.

#include <span>
#include <string_view>

#include "harness/cli/command_line.hpp"

namespace lockbench {

[[nodiscard]] std::string_view to_string(SweepSize size) noexcept;

/// What a sweep of this size measures where no option says otherwise. All strategies are left to
/// the caller, who knows them.
[[nodiscard]] Request sweep_grid(SweepSize size);

}  // namespace lockbench
