#pragma once

#include <string>

#include "harness/verify/checks/verdict.hpp"
#include "harness/verify/history/history.hpp"

namespace lockbench::verify {

/// The witnesses of a verdict, for a person: what overlaps what, one row a thread, and below that
/// what each call was and when. Widths between two times say nothing but that they are in order.
///
///     thread 0      ├──a──┤
///     thread 1                  ├──b──┤
///
///     a  thread 0  add task 7 (priority 3) → added  0.000 … 1.000 µs
///     b  thread 1  take → task 7 (priority 3)       1.203 … 1.310 µs
///     times since 5.210 µs after the start of the history
///
/// UTF-8, each line at most `columns` wide where that is possible: some sixteen calls are drawn in 78
/// columns; of more there is the list alone. Empty without witnesses.
[[nodiscard]] std::string draw_timeline(const History& history, const Verdict& verdict,
                                        int columns = 78);

}  // namespace lockbench::verify
