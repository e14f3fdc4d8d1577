#pragma once

/// A CSV column as a value: its description and how a field of a row becomes text. Every file's
/// columns are one list of these.

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "harness/recorder/csv.hpp"
#include "harness/recorder/row.hpp"

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
inline std::string text(Pinning value) {
  return std::string(to_string(value));
}

template <class Row>
struct Column {
  ColumnDescription description;
  std::string (*get)(const Row&);
};

template <auto Field>
struct RowOf;
template <class Owner, class Value, Value Owner::*Field>
struct RowOf<Field> {
  using type = Owner;
};

/// A column that shows one member of its row.
template <auto Field>
constexpr auto member(std::string_view name, std::string_view unit, std::string_view meaning) {
  using Row = typename RowOf<Field>::type;
  return Column<Row>{{name, unit, meaning}, [](const Row& row) { return text(row.*Field); }};
}

/// A column that shows one parameter of its row's point.
template <class Row, auto Field>
constexpr auto parameter(std::string_view name, std::string_view unit, std::string_view meaning) {
  return Column<Row>{{name, unit, meaning}, [](const Row& row) { return text(row.point.*Field); }};
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
