#pragma once

/// Histories as text, to be kept, sent and decided again.

#include <iosfwd>
#include <string_view>

#include "harness/verify/history/history.hpp"

namespace lockbench::verify {

/// Writes JSON Lines: an object with the header and `"lockbench_history": 1`, the version of the
/// format, then an object a call, such as
///
///     {"thread":1,"call":"add","id":7,"priority":3,"answer":"added","invoked_ns":5,"returned_ns":9}
///
/// `id` and `priority` are there if the call is about a task, `size` and `deadline_ns` if there is one,
/// `answer` and `returned_ns` unless the call never returned. Throws `Error` if `out` fails.
void write_history(std::ostream& out, const RecordedHistory& recorded);

/// Reads what `write_history` wrote; skips empty lines. `name` stands for the file in messages.
/// Throws `Error` with the line's number and what is wrong in it.
[[nodiscard]] RecordedHistory read_history(std::istream& in, std::string_view name);

}  // namespace lockbench::verify
