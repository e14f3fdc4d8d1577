#include "harness/verify/checks/conservation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <unordered_map>
#include <utility>

#include "harness/verify/checks/tasks.hpp"

namespace lockbench::verify {
namespace {

/// A task that was handed out, or completed.
struct Processing {
  const Lifetime* lifetime = nullptr;  ///< null if no call that returned handed it out
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

  /// Notes a completion, and judges it.
  Verdict complete(std::size_t index) {
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
                       seen({task.lifetime->add, task.lifetime->removal, index}));
    }
    return {};
  }

private:
  [[nodiscard]] Verdict completed_unseen(std::size_t index) const {
    const Operation& operation = history_[index];
    if (pending_take_ && !precedes(operation, history_[*pending_take_])) {
      return undecided(fmt::format("not decided: task {} was completed, and only a take that never "
                                   "returned can have handed it out",
                                   operation.id),
                       {*pending_take_, index});
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
    auto found = completions.complete(i);
    if (found.judgement == Judgement::violated) return found;
    if (doubt.holds()) doubt = std::move(found);
  }
  return doubt;
}

Verdict check_payloads(std::span<const Operation> history) {
  const auto damaged = std::ranges::find_if(history, &Operation::damaged);
  if (damaged == history.end()) return {};
  const auto index_of = [&](auto at) { return static_cast<std::size_t>(at - history.begin()); };
  const auto add = std::ranges::find_if(history, [&](const Operation& operation) {
    return operation.call == Call::add && operation.id == damaged->id;
  });
  return violation(fmt::format("task {} came with a payload not its own", damaged->id),
                   seen({index_of(damaged), add == history.end() ? not_seen : index_of(add)}));
}

}  // namespace lockbench::verify
