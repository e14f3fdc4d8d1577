#pragma once

#include <span>
#include <string>
#include <type_traits>

#include <nlohmann/json.hpp>

#include "harness/base/json_text.hpp"
#include "harness/results/columns.hpp"

namespace lockbench {

/// Returns an array of objects with the names of the columns; figures as numbers, empty fields as null.
template <class Row>
[[nodiscard]] nlohmann::ordered_json json_of(const Columns<Row>& columns,
                                             std::span<const std::type_identity_t<Row>> rows) {
  auto array = nlohmann::ordered_json::array();
  for (const auto& row : rows) {
    auto& object = array.emplace_back();
    for (const auto& column : columns) {
      const auto text = column.text(row);
      auto& value = object[std::string(column.description.name)];
      if (text.empty()) continue;
      if (column.is_number)
        value = parse_json(text);
      else
        value = text;
    }
  }
  return array;
}

}  // namespace lockbench
