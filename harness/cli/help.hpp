#pragma once

#include <string>
#include <string_view>

namespace lockbench {

/// What `bench help` prints: everything in short, or one verb (`topic`, the name of one) with its
/// options. 80 columns wide; ends in a line end.
[[nodiscard]] std::string help_text(std::string_view topic);

}  // namespace lockbench
