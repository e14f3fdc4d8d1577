#include "harness/base/text/quotes.hpp"

#include <fmt/format.h>

#include "harness/base/text/utf8.hpp"

namespace lockbench {

std::string in_quotes(std::string_view text) {
  constexpr std::size_t longest = 60;
  std::string result = "'";
  while (!text.empty()) {
    if (result.size() > longest) return result + "...'";
    char32_t character = 0;
    const auto length = utf8_character(text, character);
    // C0 and C1 control characters and DEL steer terminals.
    const bool printable =
        length > 0 && character >= 0x20 && !(character >= 0x7F && character < 0xA0);
    const auto taken = length == 0 ? 1 : length;
    for (const char byte : text.substr(0, taken)) {
      result += printable ? std::string(1, byte)
                          : fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
    }
    text.remove_prefix(taken);
  }
  return result + "'";
}

}  // namespace lockbench
