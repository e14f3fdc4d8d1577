#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>

#include "harness/verify/checks/contract.hpp"
#include "harness/verify/search/explanation.hpp"
#include "harness/verify/search/shrink.hpp"
#include "harness/verify/search/task_model.hpp"
#include "harness/verify/search/task_parts.hpp"

namespace lockbench::verify {

namespace {

/// Whether no calls overlap and the only order agrees with the contract. False says nothing.
[[nodiscard]] bool agree_one_by_one(std::span<const Operation> operations) noexcept {
  TaskModel model;
  for (std::size_t index = 0; index < operations.size(); ++index) {
    if (operations[index].pending()) return false;
    if (index > 0 && !precedes(operations[index - 1], operations[index])) return false;
    if (!model.step(operations[index], 0)) return false;
  }
  return true;
}

class PartJudge {
public:
  explicit PartJudge(std::uint64_t most_steps) : most_steps_(most_steps) {}

  [[nodiscard]] Judgement decide(std::span<const Operation> operations) {
    if (agree_one_by_one(operations)) return Judgement::linearizable;
    return search_.run(operations, {}, steps_for(operations.size()));
  }
  /// Explains and shrinks a part that is violated.
  [[nodiscard]] Verdict explain(Excerpt excerpt) {
    auto left = shrinking_share * steps_for(excerpt.operations.size());
    return explained_violation(std::move(excerpt), [&](std::span<const Operation> operations) {
      const auto most = std::min(left, steps_for(operations.size()));
      const auto judgement = search_.run(operations, {}, most);
      left -= search_.steps();
      return judgement;
    });
  }
  [[nodiscard]] std::uint64_t steps_for(std::size_t calls) const noexcept {
    return most_steps_ + steps_a_call * calls;
  }

private:
  static constexpr std::uint64_t steps_a_call = 16;

  LinearizationSearch<TaskModel> search_;
  std::uint64_t most_steps_;
};

}  // namespace

Verdict check_tasks(const History& history, std::uint64_t most_steps) {
  if (auto order = check_shutdown_order(history); !order.holds()) return order;
  const TaskParts parts{history};
  PartJudge judge{most_steps};
  Verdict verdict;
  Excerpt excerpt;
  std::size_t from = 0;
  for (auto part = parts.part_from(0); !part.empty(); part = parts.part_from(from)) {
    from += part.size();
    parts.collect(part, false, excerpt);
    auto judgement = judge.decide(excerpt.operations);
    // Takes that never returned only make more possible, so they matter only if a part is violated.
    if (judgement != Judgement::linearizable && parts.has_open_takes()) {
      parts.collect(part, true, excerpt);
      judgement = judge.decide(excerpt.operations);
    }
    if (judgement == Judgement::violated) return judge.explain(std::move(excerpt));
    if (judgement == Judgement::unknown) {
      const auto calls = excerpt.operations.size();
      verdict = out_of_steps(calls, judge.steps_for(calls));
    }
  }
  return verdict;
}

}  // namespace lockbench::verify
