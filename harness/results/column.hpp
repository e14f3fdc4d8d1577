#pragma once

/// A CSV column as a value: its description and how a field of a row becomes text. Every file's
/// columns are one list of these.

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "harness/results/column_parts.hpp"
#include "harness/results/csv.hpp"
#include "harness/results/row.hpp"

namespace lockbench::column {

/// Rounded to four significant digits, without an exponent where a reader can do without.
inline std::string rounded(double value) {
  if (value == 0 || !std::isfinite(value)) return "0";
  const double scale = std::pow(10.0, 3 - std::floor(std::log10(std::fabs(value))));
  return fmt::format("{:.10g}", std::round(value * scale) / scale);
}

inline std::string text(const std::string& value) {
  return value;
}
inline std::string text(bool value) {
  return value ? "1" : "0";
}
inline std::string text(std::uint32_t value) {
  return fmt::format("{}", value);
}
inline std::string text(double value) {
  return rounded(value);
}
inline std::string text(const Cell& value) {
  return value ? rounded(*value) : std::string();
}
/// Enumerations by their names.
template <class Word>
requires std::is_enum_v<Word> std::string text(Word value) {
  return std::string(to_string(value));
}
inline std::string text(const Pinning& value) {
  return to_string(value);
}

template <class Row>
struct Column {
  ColumnDescription description;
  std::string (*get)(const Row&);
};

/// A column that shows one member of its row.
template <auto Field>
constexpr auto member(std::string_view name, std::string_view unit, std::string_view meaning) {
  using Row = typename RowOf<Field>::type;
  return Column<Row>{{name, unit, meaning}, [](const Row& row) { return text(row.*Field); }};
}

template <class Row>
constexpr Column<Row> version_column{
    {"schema_version", "", "Version of this list of columns"},
    [](const Row&) { return fmt::format("{}", trials_schema_version); }};

/// The parameters of a list, of a row that has a point.
template <class Row, class... Parameters>
constexpr auto parameter_columns(const std::tuple<Parameters...>& list) {
  return std::apply(
      [](const auto&... parameter) {
        return std::array{
            Column<Row>{{parameter.name, parameter.unit, parameter.meaning},
                        [](const Row& row) { return text(row.point.*Parameters::field); }}...};
      },
      list);
}

template <class Row, class Columns>
std::string file(const Columns& columns, std::span<const Row> rows) {
  std::vector<std::string> fields;
  for (const auto& column : columns) fields.emplace_back(column.description.name);
  std::string contents = csv::join(fields) + "\n";
  for (const auto& row : rows) {
    fields.clear();
    for (const auto& column : columns) fields.push_back(column.get(row));
    contents += csv::join(fields) + "\n";
  }
  return contents;
}

}  // namespace lockbench::column
