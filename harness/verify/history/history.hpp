#pragma once

/// A history records how threads used a queue: every call, its answer, and the times of its invocation
/// and of its response. The checks are functions of these values alone.

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "harness/base/enum_names.hpp"
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
constexpr auto enum_names(Call) {
  using enum Call;
  return std::to_array<EnumName<Call>>({{add, "add"},
                                        {try_take, "try_take"},
                                        {take, "take"},
                                        {status, "status"},
                                        {complete, "complete"},
                                        {cancel, "cancel"},
                                        {forget, "forget"},
                                        {size, "size"},
                                        {join, "join"},
                                        {shutdown_drain, "shutdown_drain"},
                                        {shutdown_discard, "shutdown_discard"}});
}

/// The result of a call. Not every answer belongs to every call; `unknown` may be that of `status` or
/// of a transition, `shut_down` that of `add` or of `take`.
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
constexpr auto enum_names(Answer) {
  using enum Answer;
  return std::to_array<EnumName<Answer>>({{added, "added"},
                                          {duplicate, "duplicate"},
                                          {full, "full"},
                                          {shut_down, "shut_down"},
                                          {task, "task"},
                                          {nothing, "nothing"},
                                          {timed_out, "timed_out"},
                                          {unknown, "unknown"},
                                          {queued, "queued"},
                                          {processing, "processing"},
                                          {completed, "completed"},
                                          {cancelled, "cancelled"},
                                          {ok, "ok"},
                                          {wrong_state, "wrong_state"},
                                          {counted, "counted"},
                                          {returned, "returned"},
                                          {none, "none"}});
}

[[nodiscard]] constexpr Answer answer_of(TaskStatus status) noexcept {
  switch (status) {
    case TaskStatus::unknown: return Answer::unknown;
    case TaskStatus::queued: return Answer::queued;
    case TaskStatus::processing: return Answer::processing;
    case TaskStatus::completed: return Answer::completed;
    case TaskStatus::cancelled: return Answer::cancelled;
  }
  return Answer::none;
}

/// Nanoseconds since the start of the history, by one clock for all threads.
using Instant = std::uint64_t;
inline constexpr Instant never = std::numeric_limits<Instant>::max();

/// One call of one thread. The calls of a thread do not overlap, except those that never returned.
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
  bool damaged = false;  ///< the task handed out had another task's payload

  [[nodiscard]] bool pending() const noexcept { return answer == Answer::none; }
  bool operator==(const Operation&) const = default;
};

/// Ordered by `invoked`.
using History = std::vector<Operation>;

/// The facts that the checks need beside the calls, and where the history came from.
struct HistoryHeader {
  std::string strategy;
  std::string check;  ///< the check that it violated; empty if none
  Ordering ordering = Ordering::none;
  Consistency consistency = Consistency::linearizable;
  bool distinct = true;  ///< no id was used for two tasks
  bool stuck = false;    ///< some calls never returned, and nothing moved any more
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

/// Whether `first` was over before `second` began. Calls that meet at one time overlap, since the
/// clock has a grain.
[[nodiscard]] constexpr bool precedes(const Operation& first, const Operation& second) noexcept {
  return first.returned < second.invoked;
}
[[nodiscard]] constexpr bool overlap(const Operation& one, const Operation& other) noexcept {
  return !precedes(one, other) && !precedes(other, one);
}

[[nodiscard]] constexpr bool is_take(const Operation& operation) noexcept {
  return operation.call == Call::try_take || operation.call == Call::take;
}
[[nodiscard]] constexpr bool is_shutdown(const Operation& operation) noexcept {
  return operation.call == Call::shutdown_drain || operation.call == Call::shutdown_discard;
}
[[nodiscard]] constexpr bool hands_out(const Operation& operation) noexcept {
  return operation.answer == Answer::task;
}
/// The call says that there was no task.
[[nodiscard]] constexpr bool finds_nothing(const Operation& operation) noexcept {
  return is_take(operation) &&
         (operation.answer == Answer::nothing || operation.answer == Answer::timed_out);
}

}  // namespace lockbench::verify
