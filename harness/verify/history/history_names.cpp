#include "harness/verify/history/history_names.hpp"

#include <fmt/format.h>

namespace lockbench::verify {

std::string_view name_of(Call call) noexcept {
  switch (call) {
    case Call::add: return "add";
    case Call::try_take: return "try_take";
    case Call::take: return "take";
    case Call::status: return "status";
    case Call::complete: return "complete";
    case Call::cancel: return "cancel";
    case Call::forget: return "forget";
    case Call::size: return "size";
    case Call::join: return "join";
    case Call::shutdown_drain: return "shutdown_drain";
    case Call::shutdown_discard: return "shutdown_discard";
  }
  return "";
}

std::string_view name_of(Answer answer) noexcept {
  switch (answer) {
    case Answer::added: return "added";
    case Answer::duplicate: return "duplicate";
    case Answer::full: return "full";
    case Answer::shut_down: return "shut_down";
    case Answer::task: return "task";
    case Answer::nothing: return "nothing";
    case Answer::timed_out: return "timed_out";
    case Answer::unknown: return "unknown";
    case Answer::queued: return "queued";
    case Answer::processing: return "processing";
    case Answer::completed: return "completed";
    case Answer::cancelled: return "cancelled";
    case Answer::ok: return "ok";
    case Answer::wrong_state: return "wrong_state";
    case Answer::counted: return "counted";
    case Answer::returned: return "returned";
    case Answer::none: return "none";
  }
  return "";
}

std::span<const Answer> answers_of(Call call) noexcept {
  static constexpr std::array add{Answer::added, Answer::duplicate, Answer::full,
                                  Answer::shut_down};
  static constexpr std::array try_take{Answer::task, Answer::nothing};
  static constexpr std::array take{Answer::task, Answer::timed_out, Answer::shut_down};
  static constexpr std::array status{Answer::unknown, Answer::queued, Answer::processing,
                                     Answer::completed, Answer::cancelled};
  static constexpr std::array transition{Answer::ok, Answer::unknown, Answer::wrong_state};
  static constexpr std::array size{Answer::counted};
  static constexpr std::array rest{Answer::returned};
  switch (call) {
    case Call::add: return add;
    case Call::try_take: return try_take;
    case Call::take: return take;
    case Call::status: return status;
    case Call::complete:
    case Call::cancel:
    case Call::forget: return transition;
    case Call::size: return size;
    case Call::join:
    case Call::shutdown_drain:
    case Call::shutdown_discard: return rest;
  }
  return {};
}

std::string question(const Operation& operation) {
  switch (operation.call) {
    case Call::add:
      return fmt::format("add task {} (priority {})", operation.id, operation.priority);
    case Call::status:
    case Call::complete:
    case Call::cancel:
    case Call::forget: return fmt::format("{} task {}", name_of(operation.call), operation.id);
    default: return std::string{name_of(operation.call)};
  }
}

std::string answer_text(const Operation& operation) {
  switch (operation.answer) {
    case Answer::task:
      return fmt::format("task {} (priority {})", operation.id, operation.priority);
    case Answer::counted: return fmt::format("{}", operation.size);
    case Answer::none: return "never returned";
    default: return std::string{name_of(operation.answer)};
  }
}

}  // namespace lockbench::verify
