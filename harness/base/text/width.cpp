#include "harness/base/text/width.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "harness/base/text/utf8.hpp"

namespace lockbench {
namespace {

struct CodeRange {
  char32_t first;
  char32_t last;
};

/// The blocks of Unicode's East_Asian_Width W and F that text is likely to hold.
constexpr std::array wide{
    CodeRange{0x1100, 0x115F},   CodeRange{0x2E80, 0x303E},  CodeRange{0x3041, 0xA4CF},
    CodeRange{0xAC00, 0xD7A3},   CodeRange{0xF900, 0xFAFF},  CodeRange{0xFE30, 0xFE6F},
    CodeRange{0xFF01, 0xFF60},   CodeRange{0xFFE0, 0xFFE6},  CodeRange{0x1F300, 0x1F64F},
    CodeRange{0x1F900, 0x1F9FF}, CodeRange{0x20000, 0x3FFFD}};
/// Combining marks, zero-width characters and variation selectors.
constexpr std::array without_width{CodeRange{0x0300, 0x036F}, CodeRange{0x200B, 0x200F},
                                   CodeRange{0x20D0, 0x20F0}, CodeRange{0xFE00, 0xFE0F}};

bool any_contains(std::span<const CodeRange> ranges, char32_t character) {
  return std::ranges::any_of(ranges, [character](const CodeRange& range) {
    return character >= range.first && character <= range.last;
  });
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    char32_t character = 0;
    const auto length = utf8_character(text, character);
    if (length == 0 || !any_contains(without_width, character)) {
      width += length > 0 && any_contains(wide, character) ? 2 : 1;
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return width;
}

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
