#pragma once

/// The standard grids of `bench sweep`.

#include <span>
#include <string_view>

#include "harness/cli/command_line.hpp"

namespace lockbench {

[[nodiscard]] std::string_view to_string(SweepSize size) noexcept;

/// Returns what a sweep of this size measures where no option says otherwise. It names no
/// strategies; the caller knows them.
[[nodiscard]] Request sweep_grid(SweepSize size);

}  // namespace lockbench
