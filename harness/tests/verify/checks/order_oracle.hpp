#pragma once

/// Decides whether a sequential queue explains a small history, by trying all orders of its operations
/// that respect real time. Shares nothing with the checks but the type of a history.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "harness/verify/history/history.hpp"

namespace lockbench::verify::oracle {

enum class Discipline : std::uint8_t {
  unordered,
  fifo,
  priority,       ///< ties in any order
  priority_fifo,  ///< ties in order of arrival
  per_producer,   ///< the tasks of a thread in order of arrival
};

inline constexpr std::size_t most_operations = 12;

class SequentialQueue {
public:
  explicit SequentialQueue(Discipline discipline) : discipline_(discipline) {}

  bool add(const Operation& task) {
    if (closed_) return false;
    queued_[size_++] = {task.id, task.priority, task.thread};
    return true;
  }
  /// Whether the discipline allows taking the task at a position now.
  [[nodiscard]] bool may_leave(std::size_t position) const {
    for (std::size_t i = 0; i < size_; ++i) {
      if (holds_back(i, position)) return false;
    }
    return true;
  }
  [[nodiscard]] std::size_t position_of(TaskId id) const {
    std::size_t position = 0;
    while (position < size_ && queued_[position].id != id) ++position;
    return position;
  }
  void hand_out(std::size_t position) {
    processing_[processing_size_++] = queued_[position].id;
    remove(position);
  }
  bool complete(TaskId id) {
    for (std::size_t i = 0; i < processing_size_; ++i) {
      if (processing_[i] != id) continue;
      processing_[i] = processing_[--processing_size_];
      return true;
    }
    return false;
  }
  void remove(std::size_t position) {
    for (std::size_t i = position + 1; i < size_; ++i) queued_[i - 1] = queued_[i];
    --size_;
  }
  void close() { closed_ = true; }
  void discard() { size_ = 0; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::int32_t priority_at(std::size_t position) const {
    return queued_[position].priority;
  }

private:
  struct Queued {
    TaskId id = 0;
    std::int32_t priority = 0;
    std::uint16_t producer = 0;
  };

  [[nodiscard]] bool holds_back(std::size_t other, std::size_t position) const {
    const Queued& before = queued_[other];
    const Queued& task = queued_[position];
    switch (discipline_) {
      case Discipline::unordered: return false;
      case Discipline::fifo: return other < position;
      case Discipline::priority: return before.priority > task.priority;
      case Discipline::priority_fifo:
        return before.priority > task.priority ||
               (before.priority == task.priority && other < position);
      case Discipline::per_producer: return before.producer == task.producer && other < position;
    }
    return false;
  }

  Discipline discipline_;
  std::array<Queued, most_operations> queued_{};  // in order of arrival
  std::array<TaskId, most_operations> processing_{};
  std::size_t size_ = 0;
  std::size_t processing_size_ = 0;
  bool closed_ = false;
};

class Search {
public:
  Search(std::span<const Operation> history, Discipline discipline)
      : history_(history), discipline_(discipline) {
    for (std::size_t i = 0; i < history.size(); ++i) {
      if (!history[i].pending()) required_ |= 1U << i;
      for (std::size_t j = 0; j < history.size(); ++j) {
        if (comes_before(i, j)) before_[j] |= 1U << i;
      }
    }
  }

  [[nodiscard]] bool succeeds() const { return extend(0, SequentialQueue(discipline_)); }

private:
  [[nodiscard]] bool comes_before(std::size_t i, std::size_t j) const {
    const Operation& first = history_[i];
    const Operation& second = history_[j];
    if (first.returned < second.invoked) return true;
    // A producer's adds come one after another, even if their times are equal.
    return discipline_ == Discipline::per_producer && i < j && first.call == Call::add &&
           second.call == Call::add && first.thread == second.thread && !first.pending();
  }

  [[nodiscard]] bool extend(std::uint32_t done, const SequentialQueue& queue) const {
    if ((done & required_) == required_) return true;
    for (std::size_t i = 0; i < history_.size(); ++i) {
      const std::uint32_t bit = 1U << i;
      if ((done & bit) == 0 && (before_[i] & ~done) == 0 && extend_by(i, done | bit, queue)) {
        return true;
      }
    }
    return false;
  }

  [[nodiscard]] bool extend_by(std::size_t index, std::uint32_t done, SequentialQueue queue) const {
    const Operation& operation = history_[index];
    switch (operation.call) {
      case Call::add: return queue.add(operation) && extend(done, queue);
      case Call::try_take:
      case Call::take: return extend_by_take(operation, done, queue);
      case Call::cancel: {
        const std::size_t position = queue.position_of(operation.id);
        if (position == queue.size()) return false;
        queue.remove(position);
        return extend(done, queue);
      }
      case Call::complete: return queue.complete(operation.id) && extend(done, queue);
      case Call::shutdown_discard: queue.discard(); [[fallthrough]];
      case Call::shutdown_drain: queue.close(); return extend(done, queue);
      default: return false;
    }
  }

  [[nodiscard]] bool extend_by_take(const Operation& take, std::uint32_t done,
                                    const SequentialQueue& queue) const {
    if (finds_nothing(take)) return queue.size() == 0 && extend(done, queue);
    for (std::size_t position = 0; position < queue.size(); ++position) {
      const bool is_it = take.pending() || (queue.position_of(take.id) == position &&
                                            queue.priority_at(position) == take.priority);
      if (!is_it || !queue.may_leave(position)) continue;
      SequentialQueue after = queue;
      after.hand_out(position);
      if (extend(done, after)) return true;
    }
    return false;
  }

  std::span<const Operation> history_;
  Discipline discipline_;
  std::uint32_t required_ = 0;                           // bit i: operation i has returned
  std::array<std::uint32_t, most_operations> before_{};  // bit i: operation i must come before
};

/// Precondition: at most `most_operations` operations, with distinct tasks.
[[nodiscard]] inline bool linearizable(std::span<const Operation> history, Discipline discipline) {
  return Search(history, discipline).succeeds();
}

}  // namespace lockbench::verify::oracle
