#pragma once

/// A queue of any strategy behind virtual calls, so that the rounds are compiled once for all
/// strategies. Nothing here is ever measured.

#include <memory>
#include <optional>

#include "strategies/storage/critical_section.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench::verify {

/// The task queue contract; see `TaskQueue`.
class AnyTaskQueue {
public:
  AnyTaskQueue() = default;
  AnyTaskQueue(const AnyTaskQueue&) = delete;
  AnyTaskQueue& operator=(const AnyTaskQueue&) = delete;
  virtual ~AnyTaskQueue() = default;

  virtual AddResult add_task(TaskId id, int priority, Payload payload) = 0;
  virtual std::optional<Task> try_get_next_task() = 0;
  virtual TakeResult get_next_task(Deadline deadline) = 0;
  [[nodiscard]] virtual TaskStatus get_status(TaskId id) const = 0;
  virtual Transition complete_task(TaskId id) = 0;
  virtual Transition cancel_task(TaskId id) = 0;
  virtual Transition forget_task(TaskId id) = 0;
  [[nodiscard]] virtual std::size_t size() const = 0;
  virtual void join() = 0;
  virtual void shutdown(ShutdownMode mode) = 0;

  /// Has each operation call `work` once with the lock held. Does nothing where the queue holds no
  /// lock. Call it before other threads use the queue.
  virtual void disturb_under_lock(CriticalWork work) noexcept = 0;
};

template <TaskQueue Q>
class ErasedTaskQueue final : public AnyTaskQueue {
public:
  explicit ErasedTaskQueue(QueueLimits limits) : queue_(limits) {}

  AddResult add_task(TaskId id, int priority, Payload payload) override {
    return queue_.add_task(id, priority, payload);
  }
  std::optional<Task> try_get_next_task() override { return queue_.try_get_next_task(); }
  TakeResult get_next_task(Deadline deadline) override { return queue_.get_next_task(deadline); }
  [[nodiscard]] TaskStatus get_status(TaskId id) const override { return queue_.get_status(id); }
  Transition complete_task(TaskId id) override { return queue_.complete_task(id); }
  Transition cancel_task(TaskId id) override { return queue_.cancel_task(id); }
  Transition forget_task(TaskId id) override { return queue_.forget_task(id); }
  [[nodiscard]] std::size_t size() const override { return queue_.size(); }
  void join() override { queue_.join(); }
  void shutdown(ShutdownMode mode) override { queue_.shutdown(mode); }
  void disturb_under_lock(CriticalWork work) noexcept override {
    if constexpr (HasCriticalSection<Q>) queue_.set_critical_section(work);
  }

private:
  Q queue_;
};

/// A strategy to verify: its claims, and how its queues are made.
struct Subject {
  StrategyTraits traits;
  bool holds_a_lock;  ///< whether it can be disturbed under its lock
  std::unique_ptr<AnyTaskQueue> (*make)(QueueLimits);
};

template <TaskQueue Q>
Subject subject_of() {
  return {Q::traits, HasCriticalSection<Q>,
          [](QueueLimits limits) -> std::unique_ptr<AnyTaskQueue> {
            return std::make_unique<ErasedTaskQueue<Q>>(limits);
          }};
}

}  // namespace lockbench::verify
