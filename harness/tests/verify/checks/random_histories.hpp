#pragma once

/// Small random histories to compare checkers on: histories of a queue that works, with intervals around
/// the instants of effect; the same with one change; and histories that are entirely random.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/random.hpp"
#include "harness/tests/verify/checks/order_oracle.hpp"
#include "harness/verify/history/history.hpp"

namespace lockbench::verify::oracle {

/// The parameters of random histories.
struct Ingredients {
  Discipline discipline = Discipline::fifo;
  std::uint32_t operations = 7;  ///< at most
  std::uint32_t priorities = 3;
  bool empty_answers = true;
  bool cancels = false;
  bool completions = false;
  bool shutdowns = false;
  bool pending = false;
};

class HistoryMaker {
public:
  HistoryMaker(Ingredients ingredients, std::uint64_t seed)
      : ingredients_(ingredients), random_(seed) {}

  History next() {
    history_.clear();
    spread_ = 1 + random_.below(12);
    if (one_in(4)) {
      make_at_random();
    } else {
      make_by_queue();
      for (std::uint32_t faults = random_.below(4); faults > 0; --faults) spoil();
    }
    if (ingredients_.pending && !history_.empty()) leave_some_pending();
    std::ranges::sort(history_, {}, [](const Operation& operation) {
      return std::pair(operation.invoked, operation.returned);
    });
    assign_threads();
    return history_;
  }

private:
  bool one_in(std::uint32_t n) { return random_.below(n) == 0; }

  Operation around(Instant instant, Call call, Answer answer) {
    const Instant before = random_.below(spread_);
    return {.invoked = instant - std::min(instant, before),
            .returned = instant + random_.below(spread_),
            .call = call,
            .answer = answer};
  }
  void append(Instant instant, Call call, Answer answer, TaskId id = 0, std::int32_t priority = 0) {
    Operation made = around(instant, call, answer);
    made.id = id;
    made.priority = priority;
    history_.push_back(made);
  }
  std::int32_t draw_priority() {
    return static_cast<std::int32_t>(random_.below(ingredients_.priorities));
  }

  /// Runs a queue that works, with one effect every few instants. Tasks are indices in history_.
  void make_by_queue() {
    const std::uint32_t count = 2 + random_.below(ingredients_.operations - 1);
    std::vector<Operation> queued;
    std::vector<TaskId> processing;
    bool closed = false;
    for (std::uint32_t i = 0; i < count; ++i) {
      const Instant now = 12 + Instant{3} * i;
      const std::uint32_t choice = random_.below(10);
      if (ingredients_.shutdowns && one_in(10)) {
        const bool discards = one_in(2);
        if (discards) queued.clear();
        closed = true;
        append(now, discards ? Call::shutdown_discard : Call::shutdown_drain, Answer::returned);
      } else if (choice < 4 && !closed) {
        append(now, Call::add, Answer::added, i + 1, draw_priority());
        queued.push_back(history_.back());
      } else if (ingredients_.cancels && choice == 4 && !queued.empty()) {
        const auto gone = queued.begin() + random_.below(static_cast<std::uint32_t>(queued.size()));
        append(now, Call::cancel, Answer::ok, gone->id);
        queued.erase(gone);
      } else if (ingredients_.completions && choice == 5 && !processing.empty()) {
        append(now, Call::complete, Answer::ok, processing.back());
        processing.pop_back();
      } else if (!queued.empty()) {
        const auto gone = next_of(queued);
        append(now, one_in(2) ? Call::take : Call::try_take, Answer::task, gone->id,
               gone->priority);
        processing.push_back(gone->id);
        queued.erase(gone);
      } else if (ingredients_.empty_answers) {
        append_empty_answer(now);
      }
    }
  }

  void append_empty_answer(Instant now) {
    if (one_in(2)) {
      append(now, Call::take, Answer::timed_out);
    } else {
      append(now, Call::try_take, Answer::nothing);
    }
  }

  /// Returns the task to take: the first of its priority, although a discipline may allow others.
  std::vector<Operation>::iterator next_of(std::vector<Operation>& queued) {
    switch (ingredients_.discipline) {
      case Discipline::unordered:
      case Discipline::per_producer:
        return queued.begin() + random_.below(static_cast<std::uint32_t>(queued.size()));
      case Discipline::fifo: return queued.begin();
      case Discipline::priority:
      case Discipline::priority_fifo:
        return std::ranges::max_element(queued, {}, &Operation::priority);
    }
    return queued.begin();
  }

  void make_at_random() {
    const std::uint32_t count = 2 + random_.below(ingredients_.operations - 1);
    TaskId id = 0;
    while (history_.size() < count) {
      const std::int32_t priority = draw_priority();
      append(random_.below(24), Call::add, Answer::added, ++id, priority);
      if (ingredients_.empty_answers && one_in(4)) append_empty_answer(random_.below(24));
      if (ingredients_.cancels && one_in(4)) {
        append(random_.below(24), Call::cancel, Answer::ok, id);
      } else if (!one_in(5)) {
        append(random_.below(24), Call::try_take, Answer::task, id, priority);
        if (ingredients_.completions && one_in(3)) {
          append(random_.below(24), Call::complete, Answer::ok, id);
        }
      }
    }
    history_.resize(count);
  }

  Operation* any(auto&& condition) {
    std::vector<Operation*> fitting;
    for (Operation& operation : history_) {
      if (condition(operation)) fitting.push_back(&operation);
    }
    return fitting.empty() ? nullptr
                           : fitting[random_.below(static_cast<std::uint32_t>(fitting.size()))];
  }
  Operation* any() {
    return any([](const Operation&) { return true; });
  }

  /// Makes one change. Most changes turn the history into one that no queue can have.
  void spoil() {
    switch (random_.below(12)) {
      case 0:
      case 1:
      case 2:
      case 3: swap_tasks(any(hands_out), any(hands_out)); break;
      case 4:
      case 5: move(any()); break;
      case 6: move(any(finds_nothing)); break;
      case 7: move(any(hands_out)); break;
      case 8: shorten(any()); break;
      case 9: shorten(any(finds_nothing)); break;
      case 10:
        if (ingredients_.cancels) cancel_instead(any(hands_out));
        break;
      default: falsify(any()); break;
    }
  }
  static void swap_tasks(Operation* first, Operation* second) {
    if (first == nullptr || second == nullptr) return;
    std::swap(first->id, second->id);
    std::swap(first->priority, second->priority);
  }
  void move(Operation* operation) {
    if (operation == nullptr) return;
    const Instant length = operation->returned - operation->invoked;
    operation->invoked = random_.below(40);
    operation->returned = operation->invoked + length;
  }
  void shorten(Operation* operation) {
    if (operation == nullptr) return;
    const auto length = static_cast<std::uint32_t>(operation->returned - operation->invoked);
    operation->invoked += random_.below(length + 1);
    operation->returned = operation->invoked;
  }
  static void cancel_instead(Operation* take) {
    if (take == nullptr) return;
    take->call = Call::cancel;
    take->answer = Answer::ok;
    take->priority = 0;
  }
  /// Invents, loses, alters or hands out twice a task. Seldom, since every checker notices that.
  void falsify(Operation* operation) {
    if (operation == nullptr || !one_in(3)) return;
    if (operation->call != Call::add && one_in(2)) {
      ++operation->id;
    } else if (hands_out(*operation)) {
      ++operation->priority;
    } else {
      std::swap(*operation, history_.back());
      history_.pop_back();
    }
  }

  void leave_some_pending() {
    for (Operation& operation : history_) {
      if (!one_in(6)) continue;
      operation.returned = never;
      operation.answer = Answer::none;
      if (operation.call == Call::take || operation.call == Call::try_take) operation.id = 0;
    }
    if (ingredients_.cancels && one_in(6)) {
      // The task may be taken or cancelled already.
      append(random_.below(40), Call::cancel, Answer::none, 1 + random_.below(4));
      history_.back().returned = never;
    }
  }

  /// Gives adds to few threads without overlapping calls, and each other call a thread of its own.
  void assign_threads() {
    constexpr std::uint16_t producers = 3;
    std::array<Instant, producers> busy_until{};
    std::uint16_t fresh = producers;
    for (Operation& operation : history_) {
      operation.thread = fresh++;
      if (operation.call != Call::add) continue;
      const auto producer = static_cast<std::uint16_t>(random_.below(producers));
      if (busy_until[producer] > operation.invoked) continue;
      operation.thread = producer;
      busy_until[producer] = operation.returned;
    }
  }

  Ingredients ingredients_;
  Random random_;
  std::uint32_t spread_ = 1;  // instants that intervals reach to either side of their effects
  History history_;
};

/// The history with a line an operation, for messages.
[[nodiscard]] inline std::string text_of(const History& history) {
  std::string text;
  for (const Operation& operation : history) {
    text += fmt::format("call {} answer {} id {} priority {} thread {}: {} .. {}\n",
                        static_cast<int>(operation.call), static_cast<int>(operation.answer),
                        operation.id, operation.priority, operation.thread, operation.invoked,
                        operation.returned);
  }
  return text;
}

}  // namespace lockbench::verify::oracle
