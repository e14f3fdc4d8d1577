#pragma once

/// Makes text that a user typed safe to print back in a message.

#include <string>
#include <string_view>

namespace lockbench {

/// Returns the text in single quotes: control characters and bytes that are not UTF-8 are written as `\xNN`, so that a stray
/// escape sequence cannot garble the terminal; it is cut to about 60 characters, ending in `...`.
[[nodiscard]] std::string in_quotes(std::string_view text);

/// Returns the text as a word of a shell command that can be pasted: as it is if it has only plain
/// characters, else in single quotes, or in $'...' where it would garble the terminal.
[[nodiscard]] std::string in_shell_quotes(std::string_view text);

}  // namespace lockbench
