#include "harness/base/text/wrap.hpp"

#include <algorithm>

#include "harness/base/text/width.hpp"

namespace lockbench {

std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
  std::string result;
  std::size_t column = indent;
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (word.empty()) continue;
    const auto word_width = display_width(word);
    if (column > indent) {
      const bool fits = column + 1 + word_width <= width;
      result += fits ? " " : "\n" + std::string(indent, ' ');
      column = fits ? column + 1 : indent;
    }
    result += word;
    column += word_width;
  }
  return result;
}

}  // namespace lockbench
