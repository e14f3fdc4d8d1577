#pragma once

/// Calls and answers as text, and which answers a call may have.

#include <span>
#include <string>
#include <vector>

#include "harness/verify/history/history.hpp"

namespace lockbench::verify {

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

}  // namespace lockbench::verify
