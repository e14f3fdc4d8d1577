#pragma once

#include <cstdint>
#include <string_view>

namespace lockbench::mutants {

/// The kind of check that has to catch a mutant.
enum class CaughtBy : std::uint8_t {
  conservation,      ///< a task handed out twice or never, or counts that do not add up in the end
  order,             ///< tasks come in another order than the traits claim
  empty,             ///< says that there is no task though there is one
  task_states,       ///< the history of one id is not linearizable
  contract,          ///< a window of the whole queue is not linearizable
  waiting,           ///< lost wake-up, wait past its deadline, a call that never returns
  progress,          ///< a stopped thread holds up the others, though the queue claims otherwise
  thread_sanitizer,  ///< a data race without consequence on this hardware
};

[[nodiscard]] constexpr std::string_view to_string(CaughtBy check) noexcept {
  switch (check) {
    case CaughtBy::conservation: return "conservation";
    case CaughtBy::order: return "order";
    case CaughtBy::empty: return "empty";
    case CaughtBy::task_states: return "task states";
    case CaughtBy::contract: return "contract";
    case CaughtBy::waiting: return "waiting";
    case CaughtBy::progress: return "progress";
    case CaughtBy::thread_sanitizer: return "ThreadSanitizer";
  }
  return {};
}

/// What is expected of the hunt for one mutant: its `expected`.
struct Expectation {
  CaughtBy caught_by;
  /// Whether its mistake can change any answer on x86-64.
  bool observable_on_x86 = true;
  /// Whether it is a data race in the language's sense, so that ThreadSanitizer reports it.
  bool data_race = false;
};

}  // namespace lockbench::mutants
