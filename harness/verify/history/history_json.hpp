#pragma once

/// Histories as text, to be kept, sent and looked at again.

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

#include "harness/verify/history/history.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench::verify {

/// What a reader has to know to check a history once more.
struct HistoryHeader {
  std::string strategy;
  std::string check;  ///< which check it was made for
  Ordering ordering = Ordering::none;
  Consistency consistency = Consistency::linearizable;
  bool distinct = true;  ///< no id was used for two tasks
  bool stuck = false;    ///< nothing moved any more, and calls had not returned
  std::uint32_t capacity = 0;
  std::uint32_t threads = 0;
  std::uint64_t seed = 0;

  bool operator==(const HistoryHeader&) const = default;
};

struct RecordedHistory {
  HistoryHeader header;
  History history;

  bool operator==(const RecordedHistory&) const = default;
};

/// As JSON Lines: an object with the header and `"lockbench_history": 1`, the version of the format,
/// then an object a call, such as
///
///     {"thread":1,"call":"add","id":7,"priority":3,"answer":"added","invoked_ns":5,"returned_ns":9}
///
/// `id` and `priority` are there where the call is about a task, `size` and `deadline_ns` where there
/// is one, `answer` and `returned_ns` unless the call never returned. Throws `Error` when `out` fails.
void write_history(std::ostream& out, const RecordedHistory& recorded);

/// Reads what `write_history` wrote; empty lines are skipped. `name` stands for the file in messages.
/// Throws `Error` with the line's number and what is wrong in it.
[[nodiscard]] RecordedHistory read_history(std::istream& in, std::string_view name);

}  // namespace lockbench::verify
