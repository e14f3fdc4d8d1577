#pragma once

#include <cstddef>
#include <string_view>

namespace lockbench {

/// Returns the columns of a terminal that the text takes: wide characters take two, combining ones
/// none, and bytes that are not UTF-8 one each. Exact for the scripts of names and units.
[[nodiscard]] std::size_t display_width(std::string_view text);

}  // namespace lockbench
