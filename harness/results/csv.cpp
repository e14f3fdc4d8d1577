#include "harness/results/csv.hpp"

#include <fmt/format.h>

#include <iomanip>
#include <sstream>

#include "harness/base/errors.hpp"

namespace lockbench::csv {

std::string quoted(std::string_view field) {
  if (field.find_first_of(",\"\n\r") == std::string_view::npos) return std::string(field);
  std::ostringstream text;
  text << std::quoted(field, '"', '"');
  return text.str();
}

std::string join(const std::vector<std::string>& fields) {
  std::string line;
  for (const auto& field : fields) {
    if (&field != &fields.front()) line += ',';
    line += csv::quoted(field);
  }
  return line;
}

std::vector<std::string> split(std::string_view line) {
  std::vector<std::string> fields(1);
  bool inside_quotes = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char character = line[i];
    if (inside_quotes) {
      const bool doubled = character == '"' && i + 1 < line.size() && line[i + 1] == '"';
      if (doubled) ++i;
      if (character == '"' && !doubled) {
        inside_quotes = false;
      } else {
        fields.back() += character;
      }
    } else if (character == '"') {
      inside_quotes = true;
    } else if (character == ',') {
      fields.emplace_back();
    } else {
      fields.back() += character;
    }
  }
  if (inside_quotes) throw failure(fmt::format("unterminated quote in CSV line '{}'", line));
  return fields;
}

}  // namespace lockbench::csv
