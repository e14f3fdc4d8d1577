#pragma once

/// The traits' values as text: one spelling for `bench list`, the CSV and the charts.

#include <string_view>

#include "strategies/task_queue.hpp"

namespace lockbench {

[[nodiscard]] constexpr std::string_view to_string(Ordering ordering) noexcept {
  switch (ordering) {
    case Ordering::priority_fifo: return "priority_fifo";
    case Ordering::priority: return "priority";
    case Ordering::fifo: return "fifo";
    case Ordering::fifo_per_producer: return "fifo_per_producer";
    case Ordering::relaxed: return "relaxed";
    case Ordering::none: return "none";
  }
  return "";
}

[[nodiscard]] constexpr std::string_view to_string(Progress progress) noexcept {
  switch (progress) {
    case Progress::blocking: return "blocking";
    case Progress::lock_free: return "lock_free";
    case Progress::wait_free: return "wait_free";
  }
  return "";
}

[[nodiscard]] constexpr std::string_view to_string(Waits waits) noexcept {
  switch (waits) {
    case Waits::parks: return "parks";
    case Waits::spins: return "spins";
    case Waits::spins_then_parks: return "spins_then_parks";
    case Waits::never: return "never";
  }
  return "";
}

[[nodiscard]] constexpr std::string_view to_string(TaskWait task_wait) noexcept {
  switch (task_wait) {
    case TaskWait::parks: return "parks";
    case TaskWait::polls: return "polls";
    case TaskWait::never: return "never";
  }
  return "";
}

[[nodiscard]] constexpr std::string_view to_string(Conformance conformance) noexcept {
  switch (conformance) {
    case Conformance::full: return "full";
    case Conformance::single_threaded: return "single_threaded";
    case Conformance::none: return "none";
  }
  return "";
}

[[nodiscard]] constexpr std::string_view to_string(Consistency consistency) noexcept {
  switch (consistency) {
    case Consistency::linearizable: return "linearizable";
    case Consistency::per_task: return "per_task";
  }
  return "";
}

}  // namespace lockbench
