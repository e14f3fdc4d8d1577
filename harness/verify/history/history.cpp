#include "harness/verify/history/history.hpp"

#include <fmt/format.h>

#include <utility>

namespace lockbench::verify {

std::span<const Answer> answers_of(Call call) noexcept {
  using enum Answer;
  static constexpr std::array of_add{added, duplicate, full, shut_down};
  static constexpr std::array of_try_take{task, nothing};
  static constexpr std::array of_take{task, timed_out, shut_down};
  static constexpr std::array of_status{unknown, queued, processing, completed, cancelled};
  static constexpr std::array of_transition{ok, unknown, wrong_state};
  static constexpr std::array of_size{counted};
  static constexpr std::array of_others{returned};
  switch (call) {
    case Call::add: return of_add;
    case Call::try_take: return of_try_take;
    case Call::take: return of_take;
    case Call::status: return of_status;
    case Call::complete:
    case Call::cancel:
    case Call::forget: return of_transition;
    case Call::size: return of_size;
    default: return of_others;
  }
}

bool names_task(const Operation& operation) noexcept {
  using enum Call;
  return hands_out(operation) || is_any_of(operation.call, {add, status, complete, cancel, forget});
}

bool changes_nothing(const Operation& operation) noexcept {
  using enum Answer;
  if (is_any_of(operation.call, {Call::status, Call::size, Call::join})) return true;
  if (operation.call == Call::add) return !may_add(operation);
  return !is_shutdown(operation) && !is_any_of(operation.answer, {added, task, ok, none});
}

std::vector<TaskId> ids_of(std::span<const Operation> operations) {
  std::vector<TaskId> ids;
  for (const auto& operation : operations) {
    if (names_task(operation)) ids.push_back(operation.id);
  }
  return sorted_set(std::move(ids));
}

std::string question(const Operation& operation) {
  if (operation.call == Call::add) {
    return fmt::format("add task {} (priority {}{})", operation.id, operation.priority,
                       operation.too_long ? ", payload too long" : "");
  }
  const auto name = to_string(operation.call);
  const bool asks_for_task = names_task(operation) && !is_take(operation);
  return asks_for_task ? fmt::format("{} task {}", name, operation.id) : std::string(name);
}

std::string answer_text(const Operation& operation) {
  switch (operation.answer) {
    case Answer::task:
      return fmt::format("task {} (priority {})", operation.id, operation.priority);
    case Answer::counted: return fmt::format("{}", operation.size);
    case Answer::none: return "never returned";
    default: return std::string(to_string(operation.answer));
  }
}

}  // namespace lockbench::verify
