#pragma once

/// The columns of a CSV file as values: what they mean, and how the field of a row becomes text and
/// text the field again. Writer, reader, JSON, `bench list --columns` and the data dictionary follow
/// one such list a file.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "harness/base/cell.hpp"
#include "harness/base/errors.hpp"
#include "harness/base/field_text.hpp"
#include "harness/base/parameter_list.hpp"
#include "harness/results/csv.hpp"

namespace lockbench {

/// Version of the lists of columns; a change of a column's meaning raises it.
inline constexpr int schema_version = 1;

/// One column of a CSV file, as the data dictionary describes it.
struct ColumnDescription {
  std::string_view name;
  std::string_view unit{};  ///< "" for names
  std::string_view meaning{};
  std::string_view empty = "never";  ///< when its cells are empty
};

/// Significant digits of real numbers. Four, so that a diff shows changes and not noise.
enum class Digits : std::uint8_t { nine, four };

enum class FigureKind : std::uint8_t {
  count,  ///< whole, and never empty: 0 where the window never ran
  real,
};

namespace column {

/// Nine significant digits, or four without an exponent where a reader can do without.
inline std::string text_of(double value, Digits digits) {
  if (digits == Digits::nine) return field::write(value);
  if (value == 0 || !std::isfinite(value)) return "0";
  const double scale = std::pow(10.0, 3 - std::floor(std::log10(std::fabs(value))));
  return fmt::format("{:.10g}", std::round(value * scale) / scale);
}
inline std::string text_of(const Cell& value, Digits digits) {
  return value ? text_of(*value, digits) : std::string();
}
std::string text_of(const auto& value, Digits /*digits*/) {
  return field::write(value);
}

inline bool read(std::string_view text, Cell& value) {
  value.reset();
  return text.empty() || field::read(text, value.emplace());
}
bool read(std::string_view text, auto& value) {
  return field::read(text, value);
}

template <class Value>
inline constexpr bool is_number = std::is_arithmetic_v<Value> || std::is_same_v<Value, Cell>;

}  // namespace column

template <class Row>
struct Column {
  ColumnDescription description;
  bool is_number = false;
  std::function<std::string(const Row&)> text;
  /// False when the text does not fit.
  std::function<bool(Row&, std::string_view)> read;
};

/// The columns of one file, in order.
template <class Row>
class Columns {
public:
  Columns(std::string_view file, Digits digits) : file_(file), digits_(digits) {
    std::string version = std::to_string(schema_version);
    add({{"schema_version", "", "version of this list of columns: 1"},
         true,
         [=](const Row&) { return version; },
         [=](Row&, std::string_view text) { return text == version; }});
  }

  Columns& add(Column<Row> column) {
    columns_.push_back(std::move(column));
    return *this;
  }
  /// `access(row)` refers to a field of a row, constant or not.
  template <class Access>
  requires std::is_invocable_v<Access, Row&> Columns& add(Access access,
                                                          const ColumnDescription& description) {
    using Value = std::remove_cvref_t<std::invoke_result_t<Access, Row&>>;
    return add(
        {description, column::is_number<Value>,
         [access, digits = digits_](const Row& row) {
           return column::text_of(access(row), digits);
         },
         [access](Row& row, std::string_view text) { return column::read(text, access(row)); }});
  }
  /// A column of a member of the row; see `ColumnDescription`.
  template <class Owner, class Value>
  Columns& add(Value Owner::*member, std::string_view name, std::string_view unit,
               std::string_view meaning, std::string_view empty = "never") {
    return add(
        [member](auto& row) -> auto& { return row.*member; },
        ColumnDescription{name, unit, meaning, empty});
  }
  /// A column for each parameter of `row.point`.
  Columns& add_parameters() {
    for_each_parameter([&](const auto& parameter) {
      add([field = parameter.field](auto& row) -> auto& { return row.point.*field; },
          {parameter.name, parameter.unit, parameter.meaning});
    });
    return *this;
  }
  /// A column for each entry of a table, whose figures are `row.values`, in the same order.
  template <class Table>
  Columns& add_figures(const Table& table) {
    for (std::size_t i = 0; i < table.size(); ++i) {
      const auto value = [i](auto& row) -> auto& {
        return row.values[i];
      };
      add(value, table[i].column);
      if constexpr (requires { table[i].kind; }) {
        if (table[i].kind == FigureKind::real) continue;
        columns_.back().text = [value](const Row& row) {
          return fmt::format("{:.0f}", value(row).value_or(0));
        };
      }
    }
    return *this;
  }

  /// The first line of the file, without its line end.
  [[nodiscard]] std::string header() const {
    return joined([](const Column<Row>& column) { return std::string(column.description.name); });
  }
  /// One line without its line end.
  [[nodiscard]] std::string line(const Row& row) const {
    return joined([&](const Column<Row>& column) { return column.text(row); });
  }
  /// The whole file.
  [[nodiscard]] std::string text(std::span<const Row> rows) const {
    std::string text = header() + "\n";
    for (const auto& row : rows) text += line(row) + "\n";
    return text;
  }
  /// The columns of a file of any version, by its header: null where this version has none of that name.
  [[nodiscard]] std::vector<const Column<Row>*> named_in(std::string_view header) const {
    std::vector<const Column<Row>*> columns;
    for (const auto& name : csv::split(header)) {
      const auto found = std::ranges::find_if(
          columns_, [&](const Column<Row>& column) { return column.description.name == name; });
      columns.push_back(found == columns_.end() ? nullptr : &*found);
    }
    return columns;
  }
  /// Reads what `line` wrote. Throws `Error` naming the file, the column and the value that does not
  /// fit.
  void read_line(std::string_view text, Row& row) const {
    read_fields(text, row, columns_.size(), [&](std::size_t i) { return &columns_[i]; });
  }
  /// Reads a line of a file with the columns that `named_in` returned. Fields of the row that have no
  /// column there stay as they are.
  void read_line(std::string_view text, Row& row,
                 std::span<const Column<Row>* const> columns) const {
    read_fields(text, row, columns.size(), [&](std::size_t i) { return columns[i]; });
  }

  [[nodiscard]] auto begin() const { return columns_.begin(); }
  [[nodiscard]] auto end() const { return columns_.end(); }

  [[nodiscard]] std::vector<ColumnDescription> descriptions() const {
    std::vector<ColumnDescription> all;
    for (const auto& column : columns_) all.push_back(column.description);
    return all;
  }

private:
  void read_fields(std::string_view text, Row& row, std::size_t count, auto&& column_at) const {
    const auto fields = csv::split(text);
    if (fields.size() != count) {
      throw failure(fmt::format("a row of {} has {} fields, not {}: '{}'", file_, fields.size(),
                                count, text.substr(0, 80)));
    }
    for (std::size_t i = 0; i < count; ++i) {
      const Column<Row>* const column = column_at(i);
      if (column == nullptr || column->read(row, fields[i])) continue;
      throw failure(fmt::format("{}: column {} cannot hold '{}'", file_, column->description.name,
                                fields[i]));
    }
  }

  std::string joined(auto&& text_of) const {
    std::vector<std::string> fields;
    for (const auto& column : columns_) fields.push_back(text_of(column));
    return csv::join(fields);
  }

  std::string_view file_;
  Digits digits_;
  std::vector<Column<Row>> columns_;
};

}  // namespace lockbench
