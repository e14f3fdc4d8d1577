#pragma once

/// Is there an order of the operations that agrees with real time and with a sequential model?

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "harness/verify/checks/verdict.hpp"
#include "harness/verify/history/history.hpp"
#include "harness/verify/search/call_list.hpp"
#include "harness/verify/search/configurations.hpp"

namespace lockbench::verify {

/// A sequential specification, at one of its states.
///
/// `step` moves to the state after the operation with its answer; false if that answer is
/// impossible here, and then the state means nothing any more. An operation that never returned may
/// have had several effects, `choices` of them; `choice` says which one is meant. Those without an
/// effect need not be offered: such an operation may as well have no place in the order at all.
template <class M>
concept SequentialModel = std::regular<M> &&
    requires(M model, const M& view, const Operation& operation, unsigned choice) {
  { M::choices(operation) } -> std::same_as<unsigned>;
  { model.step(operation, choice) } -> std::same_as<bool>;
  { view.hash() } -> std::same_as<std::uint64_t>;
};

/// Below a second, and at most some hundred bytes a step. Windows of 48 calls of four threads take
/// some hundred steps, or some ten thousand where no order agrees.
inline constexpr std::uint64_t default_most_steps = 2'000'000;
/// What may be spent on shrinking what is violated, in steps for one that a search may take.
inline constexpr std::uint64_t shrinking_share = 10;

/// The search of Wing & Gong (1993), which gives operations their places one by one and takes them
/// back where it gets stuck, with the memory of Lowe (2017): what it has been at once with the same
/// operations placed and the same state leads nowhere. Keeps its memory from one run to the next.
///
/// An operation without an answer may get any place after its invocation, or none.
template <SequentialModel Model>
class LinearizationSearch {
public:
  /// `operations` are ordered by `invoked`. A step is one operation tried at one place; `unknown`
  /// when they run out. Exponential in the operations that overlap, at worst.
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
        // This operation was over, and has no place: an earlier choice was wrong.
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
  /// Of the last run.
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

/// Why a search did not decide.
[[nodiscard]] inline std::string out_of_steps(std::size_t operations, std::uint64_t most_steps) {
  return "the search for an order of " + std::to_string(operations) + " calls was given up after " +
         std::to_string(most_steps) + " steps";
}

/// One run of a `LinearizationSearch`. Explains nothing but `unknown`.
template <SequentialModel Model>
[[nodiscard]] Verdict search(std::span<const Operation> operations, const Model& initial,
                             std::uint64_t most_steps) {
  Verdict verdict;
  verdict.judgement = LinearizationSearch<Model>{}.run(operations, initial, most_steps);
  if (verdict.judgement == Judgement::unknown) {
    verdict.reason = out_of_steps(operations.size(), most_steps);
  }
  return verdict;
}

}  // namespace lockbench::verify
