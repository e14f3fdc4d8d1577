#pragma once

/// A history records how threads used a queue: every call, its answer, and the times of its invocation
/// and of its response. The checks are functions of these values alone.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <limits>
#include <span>
#include <string>
#include <string_view>
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

/// Returns the answer that stands for a value of the contract. `answers` are in the order of its
/// enumeration; a value outside of that has none.
[[nodiscard]] constexpr Answer answer_at(auto value,
                                         std::initializer_list<Answer> answers) noexcept {
  const auto place = static_cast<std::size_t>(value);
  return place < answers.size() ? answers.begin()[place] : Answer::none;
}
[[nodiscard]] constexpr Answer answer_of(AddResult result) noexcept {
  using enum Answer;
  return answer_at(result, {added, duplicate, shut_down, full});
}
[[nodiscard]] constexpr Answer answer_of(TaskStatus status) noexcept {
  using enum Answer;
  return answer_at(status, {unknown, queued, processing, completed, cancelled});
}
[[nodiscard]] constexpr Answer answer_of(Transition result) noexcept {
  using enum Answer;
  return answer_at(result, {ok, unknown, wrong_state});
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
  bool damaged = false;   ///< the task handed out had another task's payload
  bool too_long = false;  ///< of `add`: the payload is longer than the queue takes

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
  /// Times at which a thread ran that only gets a CPU when no other thread wants it: see `Pulse`.
  /// Ascending; empty if there was none.
  std::vector<Instant> beats = {};

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

template <class Enum>
[[nodiscard]] constexpr bool is_any_of(Enum value, std::initializer_list<Enum> values) noexcept {
  return std::ranges::find(values, value) != values.end();
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
/// The call added a task, or may have, if it never returned.
[[nodiscard]] constexpr bool may_add(const Operation& operation) noexcept {
  return operation.call == Call::add &&
         (operation.answer == Answer::added || (operation.pending() && !operation.too_long));
}
/// The call says that there was no task.
[[nodiscard]] constexpr bool finds_nothing(const Operation& operation) noexcept {
  return is_take(operation) &&
         (operation.answer == Answer::nothing || operation.answer == Answer::timed_out);
}

/// The answers with which a call may return.
[[nodiscard]] std::span<const Answer> answers_of(Call call) noexcept;

/// Whether the call concerns the task of one id and nothing else: it asked for it, or handed it out.
[[nodiscard]] bool names_task(const Operation& operation) noexcept;

/// Whether the call left the queue in the state in which it found it, whatever that was. A call that
/// never returned may have had its effect, if it has any.
[[nodiscard]] bool changes_nothing(const Operation& operation) noexcept;

/// The ids of all tasks that the calls name, ascending.
[[nodiscard]] std::vector<TaskId> ids_of(std::span<const Operation> operations);

/// The call in words: `add task 7 (priority 3)`, `take`.
[[nodiscard]] std::string question(const Operation& operation);
/// Its answer in words: `wrong_state`, `task 7 (priority 3)`, `never returned`.
[[nodiscard]] std::string answer_text(const Operation& operation);

/// Returns `values` in ascending order, each once. O(n log n).
template <class Value>
[[nodiscard]] std::vector<Value> sorted_set(std::vector<Value> values) {
  std::ranges::sort(values);
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

// --- as text, to be kept, sent and decided again, and to be looked at ------------------------------

/// Writes JSON Lines: an object with the header and `"lockbench_history": 1`, the version of the
/// format, then an object a call, such as
///
///     {"thread":1,"call":"add","id":7,"priority":3,"answer":"added","invoked_ns":5,"returned_ns":9}
///
/// `id` and `priority` are there if the call is about a task, `size` and `deadline_ns` if there is one,
/// `answer` and `returned_ns` unless the call never returned; the header has `beats_ns` if there are
/// beats. Throws `Error` if `out` fails.
void write_history(std::ostream& out, const RecordedHistory& recorded);

/// Reads what `write_history` wrote; skips empty lines. `name` stands for the file in messages.
/// Throws `Error` with the line's number and what is wrong in it.
[[nodiscard]] RecordedHistory read_history(std::istream& in, std::string_view name);

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
