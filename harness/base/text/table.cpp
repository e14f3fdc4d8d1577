#include "harness/base/text/table.hpp"

#include <algorithm>

#include "harness/base/text/width.hpp"

namespace lockbench {
namespace {

using Row = std::vector<std::string>;

std::vector<std::size_t> widths_of(std::span<const std::string> headers,
                                   std::span<const Row> rows) {
  std::vector<std::size_t> widths(headers.size());
  for (std::size_t i = 0; i < headers.size(); ++i) widths[i] = display_width(headers[i]);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < std::min(row.size(), widths.size()); ++i) {
      widths[i] = std::max(widths[i], display_width(row[i]));
    }
  }
  return widths;
}

std::string line_of(std::span<const std::string> cells, std::span<const std::size_t> widths,
                    std::span<const Align> alignments) {
  constexpr std::string_view gap = "  ";
  std::string line;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    const std::string_view cell = i < cells.size() ? std::string_view(cells[i]) : "";
    const std::string padding(widths[i] - display_width(cell), ' ');
    const bool right = i < alignments.size() && alignments[i] == Align::right;
    if (i > 0) line += gap;
    if (right) line += padding;
    line += cell;
    if (!right) line += padding;
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

}  // namespace

std::string render_table(std::span<const std::string> headers,
                         std::span<const std::vector<std::string>> rows,
                         std::span<const Align> alignments) {
  const auto widths = widths_of(headers, rows);
  Row rule;
  for (const auto width : widths) rule.emplace_back(width, '-');
  auto text = line_of(headers, widths, alignments) + line_of(rule, widths, alignments);
  for (const auto& row : rows) text += line_of(row, widths, alignments);
  return text;
}

}  // namespace lockbench
