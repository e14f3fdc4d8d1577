#pragma once

/// Histories written by hand: one line an operation, times in ns. Each call has a thread of its own.

#include <cstdint>

#include "harness/verify/history/history.hpp"

namespace lockbench::verify::written {

struct During {
  Instant invoked;
  Instant returned;
};

/// The times of a call that never returned.
[[nodiscard]] constexpr During from(Instant invoked) {
  return {invoked, never};
}

[[nodiscard]] inline Operation operation(Call call, Answer answer, During when, TaskId id = 0,
                                         std::int32_t priority = 0) {
  Operation made{.invoked = when.invoked,
                 .returned = when.returned,
                 .id = id,
                 .priority = priority,
                 .call = call,
                 .answer = when.returned == never ? Answer::none : answer};
  made.thread = static_cast<std::uint16_t>(id);
  return made;
}

[[nodiscard]] inline Operation added(TaskId id, During when, std::int32_t priority = 0) {
  return operation(Call::add, Answer::added, when, id, priority);
}
[[nodiscard]] inline Operation taken(TaskId id, During when, std::int32_t priority = 0) {
  return operation(Call::try_take, Answer::task, when, id, priority);
}
[[nodiscard]] inline Operation nothing(During when) {
  return operation(Call::try_take, Answer::nothing, when);
}
[[nodiscard]] inline Operation cancelled(TaskId id, During when) {
  return operation(Call::cancel, Answer::ok, when, id);
}
[[nodiscard]] inline Operation completed(TaskId id, During when) {
  return operation(Call::complete, Answer::ok, when, id);
}
[[nodiscard]] inline Operation discarded(During when) {
  return operation(Call::shutdown_discard, Answer::returned, when);
}
[[nodiscard]] inline Operation drained(During when) {
  return operation(Call::shutdown_drain, Answer::returned, when);
}

/// Returns the same call made by `thread`.
[[nodiscard]] inline Operation by(std::uint16_t thread, Operation made) {
  made.thread = thread;
  return made;
}

}  // namespace lockbench::verify::written
