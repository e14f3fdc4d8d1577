#pragma once

/// Lets GoogleTest print the contract's outcomes by their names. GoogleTest finds `PrintTo` by
/// the namespace of its argument.

#include <ostream>

#include "strategies/task_queue.hpp"

namespace lockbench {

inline void PrintTo(AddResult result, std::ostream* out) {
  constexpr std::array names{"added", "duplicate", "shut_down", "full"};
  *out << names.at(static_cast<std::size_t>(result));
}

inline void PrintTo(TaskStatus status, std::ostream* out) {
  constexpr std::array names{"unknown", "queued", "processing", "completed", "cancelled"};
  *out << names.at(static_cast<std::size_t>(status));
}

inline void PrintTo(Transition transition, std::ostream* out) {
  constexpr std::array names{"ok", "unknown", "wrong_state"};
  *out << names.at(static_cast<std::size_t>(transition));
}

inline void PrintTo(TakeOutcome outcome, std::ostream* out) {
  constexpr std::array names{"task", "timed_out", "shut_down"};
  *out << names.at(static_cast<std::size_t>(outcome));
}

inline void PrintTo(const Task& task, std::ostream* out) {
  *out << "task " << task.id << " of priority " << task.priority;
}

}  // namespace lockbench
