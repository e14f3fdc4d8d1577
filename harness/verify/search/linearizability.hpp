#pragma once

/// Is there an order of the operations that agrees with real time and with a sequential model?

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "harness/verify/history/history.hpp"
#include "harness/verify/search/search_memory.hpp"
#include "harness/verify/verdict.hpp"

namespace lockbench::verify {

/// A sequential specification, at one of its states.
///
/// `step` moves to the state after the operation with its answer. It returns false if that answer is
/// impossible in this state; the state is then meaningless. An operation that never returned may have
/// had one of several effects: there are `choices` of them, and `choice` selects one. The choice of no
/// effect is not offered, since such an operation may have no place in the order at all.
template <class M>
concept SequentialModel = std::regular<M> &&
    requires(M model, const M& view, const Operation& operation, unsigned choice) {
  { M::choices(operation) } -> std::same_as<unsigned>;
  { model.step(operation, choice) } -> std::same_as<bool>;
  { view.hash() } -> std::same_as<std::uint64_t>;
};

/// Shrinking a violation may take this many times the steps of one search.
inline constexpr std::uint64_t shrinking_share = 10;

/// The search of Wing & Gong (1993) gives operations their places one by one, and takes them back if it
/// gets stuck. It has the memory of Lowe (2017): reaching the same state with the same operations
/// placed a second time leads nowhere. Reuses its memory from one run to the next.
///
/// An operation without an answer may have any place after its invocation, or none.
template <SequentialModel Model>
class LinearizationSearch {
public:
  /// `operations` are ordered by `invoked`. A step tries one operation at one place; the result is
  /// `unknown` if `most_steps` did not suffice. At worst exponential in the operations that overlap.
  [[nodiscard]] Judgement run(std::span<const Operation> operations, const Model& initial,
                              std::uint64_t most_steps) {
    calls_.fill(operations);
    placed_.clear(operations.size());
    seen_.clear();
    path_.clear();
    model_ = initial;
    at_ = calls_.first();
    choice_ = 0;
    steps_ = 0;
    while (calls_.has_responses()) {
      if (!CallList::is_call(at_)) {
        // This operation has returned without a place, so an earlier choice was wrong.
        if (path_.empty()) return Judgement::violated;
        take_back(operations);
      } else if (const auto index = CallList::operation_of(at_);
                 choice_ == Model::choices(operations[index])) {
        at_ = calls_.next(at_);
        choice_ = 0;
      } else {
        if (steps_ == most_steps) return Judgement::unknown;
        ++steps_;
        place(operations[index], index);
      }
    }
    return Judgement::linearizable;
  }
  /// The steps that the last run took.
  [[nodiscard]] std::uint64_t steps() const noexcept { return steps_; }

private:
  struct Placed {
    std::size_t index;
    unsigned choice;
    Model before;
  };

  void place(const Operation& operation, std::size_t index) {
    Model after = model_;
    if (after.step(operation, choice_)) {
      placed_.insert(index);
      if (seen_.insert(placed_, after)) {
        path_.push_back({index, choice_, model_});
        calls_.lift(index, operation.pending());
        model_ = after;
        at_ = calls_.first();
        choice_ = 0;
        return;
      }
      placed_.erase(index);
    }
    ++choice_;
  }
  void take_back(std::span<const Operation> operations) {
    const auto& last = path_.back();
    calls_.unlift(last.index, operations[last.index].pending());
    placed_.erase(last.index);
    model_ = last.before;
    at_ = CallList::call_of(last.index);
    choice_ = last.choice + 1;
    path_.pop_back();
  }

  CallList calls_;
  PlacedSet placed_;
  Configurations<Model> seen_;
  std::vector<Placed> path_;
  Model model_{};
  CallList::Node at_ = 0;
  unsigned choice_ = 0;
  std::uint64_t steps_ = 0;
};

/// The verdict on a search that used up its steps.
[[nodiscard]] inline Verdict out_of_steps(std::size_t operations, std::uint64_t most_steps) {
  return undecided("the search for an order of " + std::to_string(operations) +
                   " calls was given up after " + std::to_string(most_steps) + " steps");
}

}  // namespace lockbench::verify
