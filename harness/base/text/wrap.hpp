#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace lockbench {

/// Breaks `text` at blanks into lines of at most `width` columns, every line but the first behind
/// `indent` blanks, which count; the first is taken to start at `indent`, too. A word that is too
/// long stands alone. No line end at the end.
[[nodiscard]] std::string wrapped(std::string_view text, std::size_t indent,
                                  std::size_t width = 80);

}  // namespace lockbench
