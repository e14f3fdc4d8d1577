#pragma once

/// How a field of a row or a parameter becomes text, and text a field again: one overload a type.
/// Readers return false, and leave the value unspecified, when the text does not fit.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "harness/base/case_parameters.hpp"

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

template <class Number>
bool read_number(std::string_view text, Number& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

inline bool read(std::string_view text, std::string& value) {
  value = text;
  return true;
}
inline bool read(std::string_view text, bool& value) {
  value = text == "1";
  return text == "0" || text == "1";
}
template <std::integral Number>
bool read(std::string_view text, Number& value) {
  return read_number(text, value);
}
inline bool read(std::string_view text, double& value) {
  return read_number(text, value);
}

template <class Words, class Word>
bool read_word(std::string_view text, const Words& words, Word& value) {
  const auto* const found =
      std::ranges::find_if(words, [text](Word word) { return to_string(word) == text; });
  if (found == words.end()) return false;
  value = *found;
  return true;
}
/// Throws `Error` (usage) where it does not fit.
inline bool read(std::string_view text, Pinning& value) {
  value = pinning_from_string(text);
  return true;
}
inline bool read(std::string_view text, Jitter& value) {
  return read_word(text, jitters, value);
}
inline bool read(std::string_view text, PriorityOrder& value) {
  return read_word(text, priority_orders, value);
}
inline bool read(std::string_view text, Arrivals& value) {
  return read_word(text, all_arrivals, value);
}

}  // namespace lockbench::field
