#include "harness/verify/checks/conservation.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <optional>
#include <unordered_map>

#include "harness/verify/checks/tasks.hpp"

namespace lockbench::verify {
namespace {

/// A task that was handed out, or completed.
struct Processing {
  const Lifetime* lifetime = nullptr;  // none if it is not seen to be handed out
  std::size_t completion = not_seen;
};

class Completions {
public:
  Completions(std::span<const Operation> history, const TaskRecord& record)
      : history_(history), pending_take_(record.pending_take) {
    processing_of_.reserve(record.lifetimes.size());
    for (const Lifetime& task : record.lifetimes) {
      if (task.taken()) processing_of_[task.id].lifetime = &task;
    }
  }

  /// Notes a completion; returns what is wrong with it.
  std::optional<Verdict> complete(std::size_t index) {
    const Operation& operation = history_[index];
    Processing& task = processing_of_[operation.id];
    if (task.completion != not_seen) {
      return violation(fmt::format("task {} was completed twice", operation.id),
                       {task.completion, index});
    }
    task.completion = index;
    if (task.lifetime == nullptr) return completed_unseen(index);
    if (operation.returned < task.lifetime->removal_invoked) {
      return violation(fmt::format("task {} was completed before it was handed out", operation.id),
                       {task.lifetime->add, task.lifetime->removal, index});
    }
    return std::nullopt;
  }

private:
  [[nodiscard]] Verdict completed_unseen(std::size_t index) const {
    const Operation& operation = history_[index];
    if (pending_take_ && !precedes(operation, history_[*pending_take_])) {
      return {
          Judgement::unknown,
          fmt::format("not decided: task {} was completed, and only a take that never returned can "
                      "have handed it out",
                      operation.id),
          {*pending_take_, index}};
    }
    return violation(fmt::format("task {} was completed and never handed out", operation.id),
                     {index});
  }

  std::span<const Operation> history_;
  std::optional<std::size_t> pending_take_;
  std::unordered_map<TaskId, Processing> processing_of_;
};

}  // namespace

Verdict check_conservation(std::span<const Operation> history) {
  const TaskRecord record = read_tasks(history);
  if (record.flaw) return *record.flaw;
  Completions completions(history, record);
  Verdict doubt;
  for (std::size_t i = 0; i < history.size(); ++i) {
    if (history[i].call != Call::complete || history[i].answer != Answer::ok) continue;
    std::optional<Verdict> found = completions.complete(i);
    if (!found) continue;
    if (found->judgement == Judgement::violated) return *found;
    if (doubt.holds()) doubt = *found;
  }
  return doubt;
}

}  // namespace lockbench::verify
