#pragma once

/// What threads saw of a queue: every call with the times of its invocation and of its response.
/// The checkers are functions of these values alone.

#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "strategies/task_queue.hpp"

namespace lockbench::verify {

enum class Call : std::uint8_t {
  add,
  try_take,
  take,  ///< `get_next_task`, until a deadline
  status,
  complete,
  cancel,
  forget,
  size,
  join,
  shutdown_drain,
  shutdown_discard,
};

/// What a call came back with. Not every answer belongs to every call; `unknown` may be that of
/// `status` or of a transition, `shut_down` that of `add` or of `take`.
enum class Answer : std::uint8_t {
  added,
  duplicate,
  full,
  shut_down,
  task,     ///< its id and priority are in the operation
  nothing,  ///< of `try_take`
  timed_out,
  unknown,
  queued,
  processing,
  completed,
  cancelled,
  ok,
  wrong_state,
  counted,   ///< of `size`, whose number is in the operation
  returned,  ///< of `join` and `shutdown`
  none,      ///< the call never returned
};

/// Nanoseconds since the start of the history, by one clock for all threads.
using Instant = std::uint64_t;
inline constexpr Instant never = std::numeric_limits<Instant>::max();

/// One call of one thread. The calls of a thread do not overlap, but for those that never returned.
struct Operation {
  Instant invoked = 0;
  Instant returned = never;
  TaskId id = 0;              ///< asked for, or handed out
  std::uint64_t size = 0;     ///< answer of `size`
  Instant deadline = never;   ///< of `take`
  std::int32_t priority = 0;  ///< of `add`, and of a task handed out
  std::uint16_t thread = 0;
  Call call = Call::size;
  Answer answer = Answer::none;
  bool damaged = false;  ///< the task handed out came with a payload not its own

  [[nodiscard]] bool pending() const noexcept { return answer == Answer::none; }
  bool operator==(const Operation&) const = default;
};

/// In real time: `first` was over before `second` began. Equal times count as overlapping, since a
/// clock has a grain.
[[nodiscard]] constexpr bool precedes(const Operation& first, const Operation& second) noexcept {
  return first.returned < second.invoked;
}

/// Neither was over before the other began.
[[nodiscard]] constexpr bool overlap(const Operation& one, const Operation& other) noexcept {
  return !precedes(one, other) && !precedes(other, one);
}

/// A task came out of this call.
[[nodiscard]] constexpr bool hands_out(const Operation& operation) noexcept {
  return operation.answer == Answer::task;
}
/// The call found no task, and says that there was none.
[[nodiscard]] constexpr bool finds_nothing(const Operation& operation) noexcept {
  return (operation.call == Call::try_take || operation.call == Call::take) &&
         (operation.answer == Answer::nothing || operation.answer == Answer::timed_out);
}

/// Ordered by `invoked`.
using History = std::vector<Operation>;

}  // namespace lockbench::verify
