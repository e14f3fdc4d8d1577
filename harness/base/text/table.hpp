#pragma once

/// Plain text tables for terminals and logs.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lockbench {

enum class Align : std::uint8_t { left, right };

/// Columns of a terminal that the text takes: wide characters take two, combining ones none, and
/// bytes that are no UTF-8 one each. Exact for the scripts that names and units are written in.
[[nodiscard]] std::size_t display_width(std::string_view text);

/// A line of headers, a rule, and a line a row; columns two blanks apart, no blanks at line ends.
/// Columns beyond `alignments` are aligned left; cells beyond a row's end are empty. Cells must not
/// contain line ends.
[[nodiscard]] std::string render_table(std::span<const std::string> headers,
                                       std::span<const std::vector<std::string>> rows,
                                       std::span<const Align> alignments);

}  // namespace lockbench
