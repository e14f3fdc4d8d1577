#pragma once

/// What a user typed, made safe to print back in an error message.

#include <string>
#include <string_view>

namespace lockbench {

/// In single quotes; control characters and bytes that are not UTF-8 as `\xNN`, so that a stray
/// escape sequence cannot garble the terminal; cut to 60 characters or so, ending in `...`.
[[nodiscard]] std::string in_quotes(std::string_view text);

}  // namespace lockbench
