#pragma once

/// How a field of a row or a parameter becomes text, and text a field again: one overload a type.
/// Readers return false, and leave the value unspecified, when the text does not fit.

#include <fmt/format.h>

#include <charconv>
#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>

#include "harness/base/enum_names.hpp"
#include "harness/base/pinning.hpp"

namespace lockbench::field {

inline std::string write(const std::string& value) {
  return value;
}
inline std::string write(bool value) {
  return value ? "1" : "0";
}
template <std::integral Number>
std::string write(Number value) {
  return fmt::format("{}", value);
}
inline std::string write(double value) {
  return fmt::format("{:.9g}", value);
}
/// Enumerations by their names.
template <class Word>
requires std::is_enum_v<Word> std::string write(Word value) {
  return std::string(to_string(value));
}

inline std::string write(const Pinning& value) {
  return to_string(value);
}

inline bool read(std::string_view text, std::string& value) {
  value = text;
  return true;
}
inline bool read(std::string_view text, bool& value) {
  value = text == "1";
  return text == "0" || text == "1";
}
template <class Number>
requires std::is_arithmetic_v<Number>
bool read(std::string_view text, Number& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}
template <NamedEnum Word>
bool read(std::string_view text, Word& value) {
  const auto known = from_string<Word>(text);
  value = known.value_or(value);
  return known.has_value();
}
/// Throws `Error` (usage) where it does not fit.
inline bool read(std::string_view text, Pinning& value) {
  value = pinning_from_string(text);
  return true;
}

}  // namespace lockbench::field
