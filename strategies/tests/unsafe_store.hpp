#pragma once

#include <optional>

#include "strategies/unsafe.hpp"

namespace lockbench::testing_support {

/// An `UnsafeTaskQueue` with the names of a `TaskStore`, so that both pass the same tests.
class UnsafeStore {
public:
  explicit UnsafeStore(QueueLimits limits) : queue_{limits} {}

  AddResult add(TaskId id, int priority, Payload payload) {
    return queue_.add_task(id, priority, payload);
  }
  std::optional<Task> take() { return queue_.try_get_next_task(); }
  [[nodiscard]] TaskStatus status(TaskId id) const { return queue_.get_status(id); }
  Transition complete(TaskId id) { return queue_.complete_task(id); }
  Transition cancel(TaskId id) { return queue_.cancel_task(id); }
  Transition forget(TaskId id) { return queue_.forget_task(id); }
  [[nodiscard]] std::size_t size() const { return queue_.size(); }
  [[nodiscard]] std::size_t outstanding() const { return queue_.outstanding(); }
  void shut_down(ShutdownMode mode) { queue_.shutdown(mode); }

private:
  UnsafeTaskQueue queue_;
};

}  // namespace lockbench::testing_support
