#pragma once

/// The contract as sequential models: for the tasks of one id, and for a whole queue.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "harness/base/random.hpp"
#include "harness/verify/history/history.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench::verify {

/// One id, which the queue knows or does not know. Every operation concerns this id: a take has handed
/// out its task, or may have done so if it never returned. Takes that found nothing concern no id.
///
/// One id alone cannot tell whether the queue is full or shut down, so an add may always be refused
/// for either; if its payload is too long, it must be. After a discard it must be refused as
/// `shut_down`, since a shutdown refuses adds before it discards tasks.
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
    if (operation.too_long || !may_add(operation)) return false;
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

/// A queue of few tasks. Ids must be below `most_ids`, and priorities below 256.
class QueueModel {
public:
  static constexpr std::size_t most_ids = 16;

  QueueModel() = default;
  /// Tasks may come in any order if `ordering` is weaker than by arrival or by priority.
  QueueModel(Ordering ordering, std::uint32_t capacity) noexcept
      : capacity_(capacity), ordering_(ordering) {}

  /// A take that never returned may have taken any task.
  [[nodiscard]] static unsigned choices(const Operation& operation) noexcept {
    return operation.pending() && is_take(operation) ? most_ids : 1;
  }

  [[nodiscard]] bool step(const Operation& operation, unsigned choice) noexcept {
    const auto id = static_cast<std::size_t>(operation.id);
    switch (operation.call) {
      case Call::add: return add(operation, id);
      case Call::try_take:
      case Call::take: return take(operation, choice);
      case Call::status: return operation.answer == answer_of(states_[id]);
      case Call::complete:
        return change(operation, id, states_[id] == State::processing, State::completed);
      case Call::cancel:
        return change(operation, id, states_[id] == State::queued, State::cancelled);
      case Call::forget:
        return change(operation, id,
                      states_[id] == State::completed || states_[id] == State::cancelled,
                      State::unknown);
      case Call::size: return operation.size == queued_;
      case Call::join: return queued_ == 0 && std::ranges::count(states_, State::processing) == 0;
      case Call::shutdown_drain: shut_down_ = true; return true;
      case Call::shutdown_discard: discard(); return true;
    }
    return false;
  }

  [[nodiscard]] std::uint64_t hash() const noexcept {
    std::uint64_t hash = shut_down_ ? 1 : 0;
    for (const auto state : states_) hash = hash * 8 + static_cast<std::uint64_t>(state);
    for (std::size_t at = 0; at < queued_; ++at) {
      hash = mixed_bits(hash + (std::uint64_t{order_[at].id} << 8U) + order_[at].priority);
    }
    return mixed_bits(hash);
  }
  bool operator==(const QueueModel&) const = default;

private:
  using State = TaskStatus;
  struct Queued {
    std::uint8_t id = 0;
    std::uint8_t priority = 0;
    bool operator==(const Queued&) const = default;
  };

  [[nodiscard]] bool add(const Operation& operation, std::size_t id) noexcept {
    const auto due = due_answer(operation, id);
    if (operation.answer != due && !(operation.pending() && due == Answer::added)) return false;
    if (due != Answer::added) return true;
    states_[id] = State::queued;
    insert({static_cast<std::uint8_t>(id), static_cast<std::uint8_t>(operation.priority)});
    return true;
  }
  [[nodiscard]] Answer due_answer(const Operation& operation, std::size_t id) const noexcept {
    if (shut_down_) return Answer::shut_down;
    if (states_[id] != State::unknown) return Answer::duplicate;
    const auto known =
        most_ids - static_cast<std::size_t>(std::ranges::count(states_, State::unknown));
    return known >= capacity_ || operation.too_long ? Answer::full : Answer::added;
  }

  [[nodiscard]] bool take(const Operation& operation, unsigned choice) noexcept {
    switch (operation.answer) {
      case Answer::nothing: return queued_ == 0;
      // After a shutdown the answer is `shut_down`, even at the deadline.
      case Answer::timed_out: return queued_ == 0 && !shut_down_;
      case Answer::shut_down: return queued_ == 0 && shut_down_;
      case Answer::task:
      case Answer::none: break;
      default: return false;
    }
    const auto id = operation.pending() ? choice : static_cast<std::size_t>(operation.id);
    if (states_[id] != State::queued) return false;
    const auto at = place_of(id);
    if (!may_be_next(at)) return false;
    if (!operation.pending() && operation.priority != order_[at].priority) return false;
    remove(at);
    states_[id] = State::processing;
    return true;
  }

  [[nodiscard]] bool change(const Operation& operation, std::size_t id, bool from_here,
                            State to) noexcept {
    const bool known = states_[id] != State::unknown;
    if (operation.answer == Answer::unknown) return !known;
    if (operation.answer == Answer::wrong_state) return known && !from_here;
    if (!from_here || (operation.answer != Answer::ok && !operation.pending())) return false;
    if (states_[id] == State::queued) remove(place_of(id));
    states_[id] = to;
    return true;
  }

  void discard() noexcept {
    shut_down_ = true;
    std::ranges::replace(states_, State::queued, State::cancelled);
    order_ = {};
    queued_ = 0;
  }

  /// Inserts behind all tasks that are handed out before it. Tasks without an order among them are
  /// sorted by id, so that equivalent states compare equal.
  void insert(Queued task) noexcept {
    std::size_t at = queued_;
    for (; at > 0 && goes_before(task, order_[at - 1]); --at) order_[at] = order_[at - 1];
    order_[at] = task;
    ++queued_;
  }
  [[nodiscard]] bool goes_before(Queued task, Queued earlier) const noexcept {
    switch (ordering_) {
      case Ordering::fifo: return false;
      case Ordering::priority_fifo: return task.priority > earlier.priority;
      case Ordering::priority:
        if (task.priority != earlier.priority) return task.priority > earlier.priority;
        [[fallthrough]];
      default: return task.id < earlier.id;
    }
  }
  [[nodiscard]] bool may_be_next(std::size_t at) const noexcept {
    switch (ordering_) {
      case Ordering::fifo:
      case Ordering::priority_fifo: return at == 0;
      case Ordering::priority: return order_[at].priority == order_[0].priority;
      default: return true;
    }
  }
  [[nodiscard]] std::size_t place_of(std::size_t id) const noexcept {
    std::size_t at = 0;
    while (order_[at].id != id) ++at;
    return at;
  }
  void remove(std::size_t at) noexcept {
    --queued_;
    for (; at < queued_; ++at) order_[at] = order_[at + 1];
    order_[queued_] = {};
  }

  std::array<State, most_ids> states_{};
  std::array<Queued, most_ids> order_{};  ///< the queued tasks, next first; empty after them
  std::uint32_t capacity_ = 0;
  Ordering ordering_ = Ordering::none;
  std::uint8_t queued_ = 0;
  bool shut_down_ = false;
};

}  // namespace lockbench::verify
