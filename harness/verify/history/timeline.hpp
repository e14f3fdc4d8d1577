#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "harness/verify/history/history.hpp"

namespace lockbench::verify {

/// Draws the calls of a history that `witnesses` names by index: one row a thread shows which calls
/// overlap, and a list below says what each call was and when. Widths only show the order of times.
///
///     thread 0      ├──a──┤
///     thread 1                  ├──b──┤
///
///     a  thread 0  add task 7 (priority 3) → added  0.000 … 1.000 µs
///     b  thread 1  take → task 7 (priority 3)       1.203 … 1.310 µs
///     times since 5.210 µs after the start of the history
///
/// UTF-8. Lines are at most `columns` wide if that is possible: some sixteen calls fit in 78 columns;
/// more are only listed. Empty without witnesses.
[[nodiscard]] std::string draw_timeline(const History& history,
                                        std::span<const std::size_t> witnesses, int columns = 78);

}  // namespace lockbench::verify
