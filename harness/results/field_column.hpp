#pragma once

/// A column of a file that is written exactly, and read again: its description, and how a member of
/// the row becomes text and text the member.

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "harness/base/errors.hpp"
#include "harness/base/field_text.hpp"
#include "harness/results/column_parts.hpp"
#include "harness/results/csv.hpp"
#include "harness/results/row.hpp"

namespace lockbench::field {

inline std::string write(const Cell& value) {
  return value ? write(*value) : std::string();
}
inline bool read(std::string_view text, Cell& value) {
  value.reset();
  return text.empty() || read(text, value.emplace());
}

template <class Row>
struct Column {
  ColumnDescription description;
  std::string (*get)(const Row&);
  bool (*set)(Row&, std::string_view);
};

template <auto Field>
constexpr auto column(std::string_view name, std::string_view unit, std::string_view meaning) {
  using Row = typename RowOf<Field>::type;
  return Column<Row>{{name, unit, meaning},
                     [](const Row& row) { return write(row.*Field); },
                     [](Row& row, std::string_view text) { return read(text, row.*Field); }};
}

/// The first line of the file, without its line end.
template <class Columns>
std::string header(const Columns& columns) {
  std::vector<std::string> names;
  for (const auto& column : columns) names.emplace_back(column.description.name);
  return csv::join(names);
}

template <class Columns, class Row>
std::string line(const Columns& columns, const Row& row) {
  std::vector<std::string> fields;
  for (const auto& column : columns) fields.push_back(column.get(row));
  return csv::join(fields);
}

/// Throws `Error` naming the file, the column and the value that does not fit.
template <class Columns, class Row>
void read_line(const Columns& columns, std::string_view text, std::string_view file, Row& row) {
  const auto fields = csv::split(text);
  if (fields.size() != columns.size()) {
    throw failure(fmt::format("a row of {} has {} fields, not {}: '{}'", file, fields.size(),
                              columns.size(), text.substr(0, 80)));
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].set(row, fields[i])) continue;
    throw failure(fmt::format("{}: column {} cannot hold '{}'", file, columns[i].description.name,
                              fields[i]));
  }
}

}  // namespace lockbench::field
