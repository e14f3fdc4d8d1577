#pragma once

/// Makes text that a user typed safe to print back in an error message.

#include <string>
#include <string_view>

namespace lockbench {

/// Returns the text in single quotes: control characters and bytes that are not UTF-8 are written as `\xNN`, so that a stray
/// escape sequence cannot garble the terminal; it is cut to about 60 characters, ending in `...`.
[[nodiscard]] std::string in_quotes(std::string_view text);

}  // namespace lockbench
