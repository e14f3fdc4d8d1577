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
  char previous = ',';
  for (const char character : line) {
    if (character == '"') {
      // A quote that follows a closing one at once is the second of a doubled quote.
      if (!inside_quotes && previous == '"') fields.back() += '"';
      inside_quotes = !inside_quotes;
    } else if (character == ',' && !inside_quotes) {
      fields.emplace_back();
    } else {
      fields.back() += character;
    }
    previous = character;
  }
  if (inside_quotes) throw failure(fmt::format("unterminated quote in CSV line '{}'", line));
  return fields;
}

}  // namespace lockbench::csv
