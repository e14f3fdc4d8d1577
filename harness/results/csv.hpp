#pragma once

/// CSV as RFC 4180 with LF line ends: fields that hold a comma, a quote or a line end are quoted.

#include <string>
#include <string_view>
#include <vector>

namespace lockbench::csv {

[[nodiscard]] std::string quoted(std::string_view field);
[[nodiscard]] std::string join(const std::vector<std::string>& fields);
/// Splits one line (without its line end). Throws `Error` on an unterminated quote.
[[nodiscard]] std::vector<std::string> split(std::string_view line);

}  // namespace lockbench::csv
