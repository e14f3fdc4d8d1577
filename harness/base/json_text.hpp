#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace lockbench {

/// Returns the value as a text for people, which ends in a line end. The text is valid UTF-8: a byte
/// that is not becomes U+FFFD.
template <class Json>
[[nodiscard]] std::string json_text(const Json& value) {
  return value.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace lockbench
