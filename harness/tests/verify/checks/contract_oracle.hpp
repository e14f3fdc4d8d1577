#pragma once

/// Decides the contract by trying all orders of a handful of calls, and makes random histories on which
/// to compare the checks with that. Shares nothing with the checks but the type of a history.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "harness/base/random.hpp"
#include "harness/verify/history/history.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench::testing_support {

using verify::Answer;
using verify::Call;
using verify::History;
using verify::Operation;

/// A queue that implements the contract slowly and plainly. At most eight ids.
class ReferenceQueue {
public:
  ReferenceQueue(Ordering ordering, std::size_t capacity)
      : ordering_(ordering), capacity_(capacity) {}

  /// The answer to a call that is no take.
  Answer answer(const Operation& asked) {
    auto& task = of(asked.id);
    switch (asked.call) {
      case Call::add:
        if (closed_) return Answer::shut_down;
        if (task.state != Answer::unknown) return Answer::duplicate;
        if (known() == capacity_ || asked.too_long) return Answer::full;
        task = {asked.id, Answer::queued, asked.priority, ++arrivals_};
        return Answer::added;
      case Call::status: return task.state;
      case Call::complete: return moved(task, {Answer::processing}, Answer::completed);
      case Call::cancel: return moved(task, {Answer::queued}, Answer::cancelled);
      case Call::forget:
        return moved(task, {Answer::completed, Answer::cancelled}, Answer::unknown);
      case Call::shutdown_discard:
        for (auto& each : tasks_) {
          if (each.state == Answer::queued) each.state = Answer::cancelled;
        }
        [[fallthrough]];
      case Call::shutdown_drain: closed_ = true; return Answer::returned;
      default: return Answer::returned;
    }
  }
  /// Whether `join` would return now.
  [[nodiscard]] bool idle() const {
    return count(Answer::queued) == 0 && count(Answer::processing) == 0;
  }
  [[nodiscard]] std::size_t count(Answer state) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(tasks_, [=](const Known& task) { return task.state == state; }));
  }
  [[nodiscard]] bool closed() const { return closed_; }

  /// Whether the task may be handed out now.
  [[nodiscard]] bool may_hand_out(std::size_t place) const {
    const auto& task = tasks_[place];
    return task.state == Answer::queued && std::ranges::none_of(tasks_, [&](const Known& other) {
             return other.state == Answer::queued && goes_first(other, task);
           });
  }
  void hand_out(std::size_t place) { tasks_[place].state = Answer::processing; }
  [[nodiscard]] std::size_t places() const { return tasks_.size(); }
  [[nodiscard]] TaskId id_at(std::size_t place) const { return tasks_[place].id; }
  [[nodiscard]] std::int32_t priority_at(std::size_t place) const { return tasks_[place].priority; }

private:
  struct Known {
    TaskId id = 0;
    Answer state = Answer::unknown;
    std::int32_t priority = 0;
    int arrival = 0;
  };

  Known& of(TaskId id) {
    for (std::size_t place = 0; place < used_; ++place) {
      if (tasks_[place].id == id) return tasks_[place];
    }
    tasks_[used_].id = id;
    return tasks_[used_++];
  }
  [[nodiscard]] std::size_t known() const { return tasks_.size() - count(Answer::unknown); }
  static Answer moved(Known& task, std::initializer_list<Answer> from, Answer to) {
    if (task.state == Answer::unknown) return Answer::unknown;
    if (std::ranges::find(from, task.state) == from.end()) return Answer::wrong_state;
    task.state = to;
    return Answer::ok;
  }
  [[nodiscard]] bool goes_first(const Known& one, const Known& other) const {
    if (ordering_ == Ordering::fifo) return one.arrival < other.arrival;
    if (ordering_ != Ordering::priority && ordering_ != Ordering::priority_fifo) return false;
    if (one.priority != other.priority) return one.priority > other.priority;
    return ordering_ == Ordering::priority_fifo && one.arrival < other.arrival;
  }

  std::array<Known, 8> tasks_{};
  std::size_t used_ = 0;
  Ordering ordering_;
  std::size_t capacity_;
  int arrivals_ = 0;
  bool closed_ = false;
};

/// Tries every order that agrees with real time, and every subset of the calls that never returned.
class Oracle {
public:
  explicit Oracle(const History& history) : history_(history), placed_(history.size(), false) {}

  [[nodiscard]] bool linearizable(const ReferenceQueue& queue) {
    bool done = true;
    for (std::size_t index = 0; index < history_.size(); ++index) {
      if (placed_[index]) continue;
      done = done && history_[index].pending();
      if (may_be_next(index) && can_go_on(queue, index)) return true;
    }
    return done;
  }

private:
  [[nodiscard]] bool may_be_next(std::size_t index) const {
    for (std::size_t other = 0; other < history_.size(); ++other) {
      if (!placed_[other] && verify::precedes(history_[other], history_[index])) return false;
    }
    return true;
  }
  [[nodiscard]] bool can_go_on(const ReferenceQueue& queue, std::size_t index) {
    placed_[index] = true;
    const bool can = is_take(history_[index]) ? takes(queue, index) : answers(queue, index);
    placed_[index] = false;
    return can;
  }
  [[nodiscard]] bool answers(ReferenceQueue queue, std::size_t index) {
    const auto& operation = history_[index];
    if (operation.call == Call::size && !operation.pending() &&
        operation.size != queue.count(Answer::queued)) {
      return false;
    }
    if (operation.call == Call::join && !operation.pending() && !queue.idle()) return false;
    const auto answer = queue.answer(operation);
    const bool any = operation.pending() || operation.call == Call::size;
    return (any || answer == operation.answer) && linearizable(queue);
  }
  [[nodiscard]] bool takes(const ReferenceQueue& queue, std::size_t index) {
    const auto& operation = history_[index];
    const bool empty = queue.count(Answer::queued) == 0;
    switch (operation.answer) {
      case Answer::nothing: return empty && linearizable(queue);
      case Answer::timed_out: return empty && !queue.closed() && linearizable(queue);
      case Answer::shut_down: return empty && queue.closed() && linearizable(queue);
      default: break;
    }
    for (std::size_t place = 0; place < queue.places(); ++place) {
      if (!queue.may_hand_out(place)) continue;
      const bool it_is = operation.pending() || (operation.id == queue.id_at(place) &&
                                                 operation.priority == queue.priority_at(place));
      auto after = queue;
      after.hand_out(place);
      if (it_is && linearizable(after)) return true;
    }
    return false;
  }

  const History& history_;
  std::vector<bool> placed_;
};

[[nodiscard]] inline bool agrees_with_contract(const History& history, Ordering ordering,
                                               std::size_t capacity) {
  return Oracle{history}.linearizable(ReferenceQueue{ordering, capacity});
}

/// The parameters of random histories.
struct Recipe {
  std::vector<Call> calls;  ///< drawn evenly
  Ordering ordering = Ordering::none;
  std::size_t capacity = 8;
  std::uint32_t operations = 6;  ///< or up to three fewer
  std::uint32_t ids = 3;
  std::uint32_t longest = 6;  ///< duration of a call; all calls begin within 16
};

/// Makes a history of a correct queue and, two times out of three, changes something in it.
class RandomHistory {
public:
  RandomHistory(const Recipe& recipe, Random& random) : recipe_(recipe), random_(random) {}

  [[nodiscard]] History make() {
    draw_questions();
    answer_in_order();
    if (random_.below(3) != 0) spoil(history_[random_.below(size())]);
    std::ranges::sort(history_, {}, &Operation::invoked);
    for (std::size_t index = 0; index < history_.size(); ++index) {
      history_[index].thread = static_cast<std::uint16_t>(index);
    }
    return history_;
  }

private:
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(history_.size()); }
  [[nodiscard]] TaskId draw_id() { return TaskId{10} * (1 + random_.below(recipe_.ids)); }
  [[nodiscard]] std::int32_t draw_priority() {
    return static_cast<std::int32_t>(random_.below(3)) - 1;
  }

  void draw_questions() {
    history_.clear();
    const auto count = recipe_.operations - random_.below(4);
    while (history_.size() < count) {
      const auto kinds = static_cast<std::uint32_t>(recipe_.calls.size());
      Operation operation;
      operation.call = recipe_.calls[random_.below(kinds)];
      operation.invoked = random_.below(16);
      operation.returned = operation.invoked + random_.below(recipe_.longest + 1);
      if (!is_take(operation) && operation.call <= Call::forget) operation.id = draw_id();
      if (operation.call == Call::add) {
        operation.priority = draw_priority();
        operation.too_long = random_.below(8) == 0;
      }
      history_.push_back(operation);
    }
  }

  /// Each call takes effect at some moment between its invocation and its response.
  void answer_in_order() {
    std::vector<std::uint64_t> moments;
    for (const auto& operation : history_) {
      const auto length = static_cast<std::uint32_t>(operation.returned - operation.invoked);
      moments.push_back(1000 * operation.invoked + random_.below(1000 * length + 1));
    }
    std::vector<std::size_t> order(history_.size());
    for (std::size_t at = 0; at < order.size(); ++at) order[at] = at;
    std::ranges::sort(order, {}, [&](std::size_t at) { return moments[at]; });
    ReferenceQueue queue{recipe_.ordering, recipe_.capacity};
    for (const auto at : order) answer(history_[at], queue);
  }

  void answer(Operation& operation, ReferenceQueue& queue) {
    const bool takes_effect = random_.below(24) != 0;
    if (!takes_effect || random_.below(24) == 0) {
      if (takes_effect) (void)answered(operation, queue);
      operation.returned = verify::never;
      return;
    }
    operation.answer = answered(operation, queue);
  }
  [[nodiscard]] Answer answered(Operation& operation, ReferenceQueue& queue) {
    if (operation.call == Call::size) {
      operation.size = queue.count(Answer::queued);
      return Answer::counted;
    }
    if (!is_take(operation)) return queue.answer(operation);
    for (std::size_t place = 0; place < queue.places(); ++place) {
      if (!queue.may_hand_out(place)) continue;
      operation.id = queue.id_at(place);
      operation.priority = queue.priority_at(place);
      queue.hand_out(place);
      return Answer::task;
    }
    if (operation.call == Call::try_take) return Answer::nothing;
    return queue.closed() ? Answer::shut_down : Answer::timed_out;
  }

  void spoil(Operation& operation) {
    switch (random_.below(4)) {
      case 0: operation.id = draw_id(); return;
      case 1: operation.priority = draw_priority(); return;
      case 2: {
        const auto later = random_.below(8);
        operation.invoked += later;
        if (!operation.pending()) operation.returned += later;
        return;
      }
      default: spoil_answer(operation); return;
    }
  }
  void spoil_answer(Operation& operation) {
    if (operation.pending()) return;
    if (operation.call == Call::size) operation.size = random_.below(3);
    const auto pick = [&](auto... answers) {
      const std::array choices{answers...};
      operation.answer = choices[random_.below(static_cast<std::uint32_t>(choices.size()))];
    };
    switch (operation.call) {
      case Call::add:
        return pick(Answer::added, Answer::duplicate, Answer::full, Answer::shut_down);
      case Call::try_take: return pick(Answer::task, Answer::nothing);
      case Call::take: return pick(Answer::task, Answer::timed_out, Answer::shut_down);
      case Call::status:
        return pick(Answer::unknown, Answer::queued, Answer::processing, Answer::completed,
                    Answer::cancelled);
      case Call::complete:
      case Call::cancel:
      case Call::forget: return pick(Answer::ok, Answer::unknown, Answer::wrong_state);
      default: return;
    }
  }

  const Recipe& recipe_;
  Random& random_;
  History history_;
};

}  // namespace lockbench::testing_support
