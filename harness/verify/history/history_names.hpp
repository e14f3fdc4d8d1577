#pragma once

/// Calls and answers as text, and which answers a call may have.

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "harness/verify/history/history.hpp"

namespace lockbench::verify {

inline constexpr std::array all_calls{Call::add,
                                      Call::try_take,
                                      Call::take,
                                      Call::status,
                                      Call::complete,
                                      Call::cancel,
                                      Call::forget,
                                      Call::size,
                                      Call::join,
                                      Call::shutdown_drain,
                                      Call::shutdown_discard};

[[nodiscard]] std::string_view name_of(Call call) noexcept;
[[nodiscard]] std::string_view name_of(Answer answer) noexcept;

/// Those of a call that returned.
[[nodiscard]] std::span<const Answer> answers_of(Call call) noexcept;

/// The call concerns the task of one id, and nothing else: either it asks for it, or it handed it
/// out.
[[nodiscard]] constexpr bool names_task(const Operation& operation) noexcept {
  switch (operation.call) {
    case Call::add:
    case Call::status:
    case Call::complete:
    case Call::cancel:
    case Call::forget: return true;
    case Call::try_take:
    case Call::take: return hands_out(operation);
    case Call::size:
    case Call::join:
    case Call::shutdown_drain:
    case Call::shutdown_discard: return false;
  }
  return false;
}

/// Whatever state the queue was in, the call has left it there. A call that never returned may have
/// had its effect, if it is one that has any.
[[nodiscard]] constexpr bool changes_nothing(const Operation& operation) noexcept {
  switch (operation.call) {
    case Call::add: return !operation.pending() && operation.answer != Answer::added;
    case Call::try_take:
    case Call::take: return !operation.pending() && operation.answer != Answer::task;
    case Call::complete:
    case Call::cancel:
    case Call::forget: return !operation.pending() && operation.answer != Answer::ok;
    case Call::status:
    case Call::size:
    case Call::join: return true;
    case Call::shutdown_drain:
    case Call::shutdown_discard: return false;
  }
  return false;
}

/// `add task 7 (priority 3)`, `take`: what was asked.
[[nodiscard]] std::string question(const Operation& operation);
/// `wrong_state`, `task 7 (priority 3)`: what was said, or that nothing ever was.
[[nodiscard]] std::string answer_text(const Operation& operation);

}  // namespace lockbench::verify
