#pragma once

/// The names of an enumeration's values, declared once beside it:
///
///     enum class Jitter { none, uniform };
///     constexpr auto enum_names(Jitter) {
///       using enum Jitter;
///       return std::to_array<EnumName<Jitter>>({{none, "none"}, {uniform, "uniform"}});
///     }
///
/// `to_string`, `from_string`, `all_values` and `all_names` follow from that table, in its order.

#include <algorithm>
#include <array>  // IWYU pragma: export
#include <optional>
#include <string_view>
#include <type_traits>

namespace lockbench {

template <class Enum>
struct EnumName {
  Enum value;
  std::string_view name;
};

/// An enumeration with a table `enum_names(Enum)` in its own namespace.
template <class Enum>
concept NamedEnum = std::is_enum_v<Enum> && requires {
  enum_names(Enum{});
};

/// Returns the name of `value`, or "" for a value that the table lacks.
template <NamedEnum Enum>
[[nodiscard]] constexpr std::string_view to_string(Enum value) noexcept {
  for (const auto& entry : enum_names(Enum{}))
    if (entry.value == value) return entry.name;
  return {};
}

/// Returns the value that has this name, or nothing. Names are matched letter by letter.
template <NamedEnum Enum>
[[nodiscard]] constexpr std::optional<Enum> from_string(std::string_view name) noexcept {
  for (const auto& entry : enum_names(Enum{}))
    if (entry.name == name) return entry.value;
  return std::nullopt;
}

namespace detail {
template <class Enum, auto Member>
constexpr auto enum_column() {
  constexpr auto table = enum_names(Enum{});
  std::array<std::remove_cvref_t<decltype(table.front().*Member)>, table.size()> column{};
  std::ranges::transform(table, column.begin(), Member);
  return column;
}
}  // namespace detail

/// Every value of the table, as a `std::array`; and every name.
template <NamedEnum Enum>
inline constexpr auto all_values = detail::enum_column<Enum, &EnumName<Enum>::value>();
template <NamedEnum Enum>
inline constexpr auto all_names = detail::enum_column<Enum, &EnumName<Enum>::name>();

}  // namespace lockbench
