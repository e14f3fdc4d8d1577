#pragma once

/// JSON as text and text as JSON. The library's writer and parser are large templates: these functions
/// compile them once for the whole program.

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace lockbench {

/// Returns the value as a text for people, which ends in a line end. The text is valid UTF-8: a byte
/// that is not becomes U+FFFD.
[[nodiscard]] std::string json_text(const nlohmann::json& value);
[[nodiscard]] std::string json_text(const nlohmann::ordered_json& value);

/// Returns the value on one line, without a line end; valid UTF-8 as above.
[[nodiscard]] std::string json_line(const nlohmann::json& value);
[[nodiscard]] std::string json_line(const nlohmann::ordered_json& value);

/// Throws nlohmann::json::parse_error for a text that is not JSON.
[[nodiscard]] nlohmann::json parse_json(std::string_view text);
/// Returns a value that `is_discarded()` for a text that is not JSON.
[[nodiscard]] nlohmann::json parse_json_if_valid(std::string_view text);

}  // namespace lockbench
