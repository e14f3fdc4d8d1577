#include "harness/base/text/quotes.hpp"

#include <fmt/format.h>

#include "harness/base/text/utf8.hpp"

namespace lockbench {

namespace {

struct Piece {
  std::string_view bytes;  ///< of one character, or a byte that is not UTF-8
  bool printable = false;  ///< C0 and C1 control characters and DEL steer terminals
};

/// Splits the first character off `text`, which is not empty.
Piece next_piece(std::string_view& text) {
  char32_t character = 0;
  const auto length = utf8_character(text, character);
  const Piece piece{
      .bytes = text.substr(0, length == 0 ? 1 : length),
      .printable = length > 0 && character >= 0x20 && !(character >= 0x7F && character < 0xA0)};
  text.remove_prefix(piece.bytes.size());
  return piece;
}

std::string escaped(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    text += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
  }
  return text;
}

}  // namespace

std::string in_quotes(std::string_view text) {
  constexpr std::size_t longest = 60;
  std::string result = "'";
  while (!text.empty()) {
    if (result.size() > longest) return result + "...'";
    const auto piece = next_piece(text);
    result += piece.printable ? std::string(piece.bytes) : escaped(piece.bytes);
  }
  return result + "'";
}

std::string in_shell_quotes(std::string_view text) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./+:,=@%";
  if (!text.empty() && text.find_first_not_of(plain) == std::string_view::npos) {
    return std::string(text);
  }
  bool all_printable = true;
  std::string quoted;
  for (auto rest = text; !rest.empty();) {
    const auto piece = next_piece(rest);
    all_printable &= piece.printable;
    quoted += piece.bytes == "'" ? "'\\''" : piece.bytes;
  }
  if (all_printable) return "'" + quoted + "'";
  std::string ansi_c;
  while (!text.empty()) {
    const auto piece = next_piece(text);
    if (piece.bytes == "'" || piece.bytes == "\\") ansi_c += '\\';
    ansi_c += piece.printable ? std::string(piece.bytes) : escaped(piece.bytes);
  }
  return "$'" + ansi_c + "'";
}

}  // namespace lockbench
