#pragma once

/// The contract for the tasks of one id, as a sequential model.

#include <cstdint>

#include "harness/base/random.hpp"
#include "harness/verify/history/history.hpp"

namespace lockbench::verify {

/// One id, which the queue knows or does not know. Every operation concerns this id: a take has handed
/// out its task, or may have done so if it never returned. Takes that found nothing concern no id.
///
/// One id alone cannot tell whether the queue is full or shut down, so an add may always be refused
/// for either. After a discard it must be refused as `shut_down`, since a shutdown refuses adds before
/// it discards tasks.
class TaskModel {
public:
  TaskModel() = default;

  [[nodiscard]] static unsigned choices(const Operation& /*operation*/) noexcept { return 1; }

  [[nodiscard]] bool step(const Operation& operation, unsigned /*choice*/) noexcept {
    switch (operation.call) {
      case Call::add: return add(operation);
      case Call::try_take:
      case Call::take: return take(operation);
      case Call::status: return operation.answer == answer_of(state_);
      case Call::complete: return change(operation, state_ == State::processing, State::completed);
      case Call::cancel: return change(operation, state_ == State::queued, State::cancelled);
      case Call::forget:
        return change(operation, state_ == State::completed || state_ == State::cancelled,
                      State::unknown);
      case Call::join: return state_ != State::queued && state_ != State::processing;
      case Call::shutdown_discard:
        if (state_ == State::queued) move_to(State::cancelled);
        discarded_ = true;
        return true;
      case Call::size:
      case Call::shutdown_drain: return true;
    }
    return false;
  }

  [[nodiscard]] std::uint64_t hash() const noexcept {
    return mixed_bits(std::uint64_t{static_cast<std::uint32_t>(priority_)} << 8U |
                      static_cast<std::uint64_t>(state_) << 1U | (discarded_ ? 1U : 0U));
  }
  bool operator==(const TaskModel&) const = default;

private:
  using State = TaskStatus;

  [[nodiscard]] bool add(const Operation& operation) noexcept {
    if (operation.answer == Answer::shut_down) return true;
    if (discarded_) return false;
    if (operation.answer == Answer::duplicate) return state_ != State::unknown;
    if (state_ != State::unknown) return false;
    if (operation.answer == Answer::full) return true;
    if (operation.answer != Answer::added && !operation.pending()) return false;
    state_ = State::queued;
    priority_ = operation.priority;
    return true;
  }
  [[nodiscard]] bool take(const Operation& operation) noexcept {
    const bool this_one = operation.answer == Answer::task && operation.priority == priority_;
    if (state_ != State::queued || !(this_one || operation.pending())) return false;
    move_to(State::processing);
    return true;
  }
  [[nodiscard]] bool change(const Operation& operation, bool from_here, State to) noexcept {
    if (operation.answer == Answer::unknown) return state_ == State::unknown;
    if (operation.answer == Answer::wrong_state) return state_ != State::unknown && !from_here;
    if (operation.answer != Answer::ok && !operation.pending()) return false;
    if (from_here) move_to(to);
    return from_here;
  }
  /// Forgets the priority: it only matters while the task is queued.
  void move_to(State state) noexcept {
    state_ = state;
    priority_ = 0;
  }

  std::int32_t priority_ = 0;
  State state_ = State::unknown;
  bool discarded_ = false;
};

}  // namespace lockbench::verify
