#pragma once

/// How wide text is on a terminal, and lines of a given width.

#include <cstddef>
#include <string>
#include <string_view>

namespace lockbench {

/// Returns the columns of a terminal that the text takes: wide characters take two, combining ones
/// none, and bytes that are not UTF-8 one each. Exact for the scripts of names and units.
[[nodiscard]] std::size_t display_width(std::string_view text);

/// Breaks `text` at blanks into lines of at most `width` columns, every line but the first behind
/// `indent` blanks, which count; the first is taken to start at `indent`, too. A word that is too
/// long stands alone. No line end at the end.
[[nodiscard]] std::string wrapped(std::string_view text, std::size_t indent,
                                  std::size_t width = 80);

}  // namespace lockbench
