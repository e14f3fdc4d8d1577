#pragma once

/// Plain text tables for terminals and logs.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace lockbench {

enum class Align : std::uint8_t { left, right };

/// Returns a line of headers, a rule, and a line a row; columns are two blanks apart, and lines do
/// not end in blanks.
/// Columns beyond `alignments` are aligned left; cells beyond a row's end are empty. Cells must not
/// contain line ends.
[[nodiscard]] std::string render_table(std::span<const std::string> headers,
                                       std::span<const std::vector<std::string>> rows,
                                       std::span<const Align> alignments);

}  // namespace lockbench
