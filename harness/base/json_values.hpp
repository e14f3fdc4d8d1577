#pragma once

/// How values that nlohmann::json does not know become JSON: an optional is its value or null, an
/// enumerator its name.

#include <optional>
#include <stdexcept>
#include <string>

#include <nlohmann/json.hpp>

#include "harness/base/enum_names.hpp"

namespace nlohmann {

template <class Value>
struct adl_serializer<std::optional<Value>> {
  static void to_json(json& object, const std::optional<Value>& value) {
    object = value ? json(*value) : json();
  }
  static void from_json(const json& object, std::optional<Value>& value) {
    value = object.is_null() ? std::nullopt : std::optional(object.get<Value>());
  }
};

template <lockbench::NamedEnum Enum>
struct adl_serializer<Enum> {
  static void to_json(json& object, Enum value) { object = lockbench::to_string(value); }
  /// Throws `std::invalid_argument` for a name that no value has.
  static void from_json(const json& object, Enum& value) {
    const auto name = object.get<std::string>();
    const auto known = lockbench::from_string<Enum>(name);
    if (!known) throw std::invalid_argument("unknown name '" + name + "'");
    value = *known;
  }
};

}  // namespace nlohmann
