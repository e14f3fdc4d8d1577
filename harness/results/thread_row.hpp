#pragma once

/// `threads.csv`: one row a window and thread, on request.

#include <array>
#include <vector>

#include "harness/results/window_row.hpp"

namespace lockbench {

struct ThreadRow : WindowKey {
  static constexpr std::size_t figures = 20;
  std::array<Cell, figures> values{};  ///< in the order of the columns after the key
};

/// One row a thread, in order.
[[nodiscard]] std::vector<ThreadRow> thread_rows(const WindowKey& key,
                                                 const MeasuredWindow& window);

[[nodiscard]] const Columns<ThreadRow>& thread_columns();

}  // namespace lockbench
