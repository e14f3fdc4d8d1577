#pragma once

/// What the columns of every file have in common, whether they are read again or not.

#include <array>
#include <cstddef>
#include <tuple>

#include "harness/results/row.hpp"

namespace lockbench {

/// The class that a pointer to member belongs to.
template <auto Field>
struct RowOf;
template <class Owner, class Value, Value Owner::*Field>
struct RowOf<Field> {
  using type = Owner;
};

template <class Columns>
constexpr auto descriptions_of(const Columns& columns) {
  std::array<ColumnDescription, std::tuple_size_v<Columns>> list{};
  for (std::size_t i = 0; i < list.size(); ++i) list[i] = columns[i].description;
  return list;
}

}  // namespace lockbench
