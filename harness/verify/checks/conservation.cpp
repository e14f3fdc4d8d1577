#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <unordered_map>
#include <utility>

#include "harness/verify/checks/checks.hpp"
#include "harness/verify/checks/tasks.hpp"

namespace lockbench::verify {
namespace {

/// A task that was handed out, or completed.
struct Processing {
  const Lifetime* lifetime = nullptr;  ///< null if no call that returned handed it out
  std::size_t completion = not_seen;
};

/// Notes a completion of `task`, and judges it.
Verdict complete(std::span<const Operation> history, const TaskRecord& record, std::size_t index,
                 Processing& task) {
  const Operation& operation = history[index];
  if (task.completion != not_seen) {
    return violation(fmt::format("task {} was completed twice", operation.id),
                     {task.completion, index});
  }
  task.completion = index;
  if (task.lifetime != nullptr) {
    if (operation.returned >= task.lifetime->removal_invoked) return {};
    return violation(fmt::format("task {} was completed before it was handed out", operation.id),
                     seen({task.lifetime->add, task.lifetime->removal, index}));
  }
  if (record.pending_take && !precedes(operation, history[*record.pending_take])) {
    return undecided(fmt::format("not decided: task {} was completed, and only a take that never "
                                 "returned can have handed it out",
                                 operation.id),
                     {*record.pending_take, index});
  }
  return violation(fmt::format("task {} was completed and never handed out", operation.id),
                   {index});
}

}  // namespace

Verdict check_conservation(std::span<const Operation> history) {
  const TaskRecord record = read_tasks(history);
  if (record.flaw) return *record.flaw;
  std::unordered_map<TaskId, Processing> processing_of;
  processing_of.reserve(record.lifetimes.size());
  for (const Lifetime& task : record.lifetimes) {
    if (task.taken()) processing_of[task.id].lifetime = &task;
  }
  Verdict doubt;
  for (std::size_t i = 0; i < history.size(); ++i) {
    if (history[i].call != Call::complete || history[i].answer != Answer::ok) continue;
    auto found = complete(history, record, i, processing_of[history[i].id]);
    if (found.judgement == Judgement::violated) return found;
    if (doubt.holds()) doubt = std::move(found);
  }
  return doubt;
}

Verdict check_payloads(std::span<const Operation> history) {
  const auto damaged = std::ranges::find_if(history, &Operation::damaged);
  if (damaged == history.end()) return {};
  const auto index = static_cast<std::size_t>(damaged - history.begin());
  auto add = index;  // the last before it, as the id may have been used before
  while (add > 0 && !(may_add(history[add]) && history[add].id == damaged->id)) --add;
  const bool is_seen = may_add(history[add]) && history[add].id == damaged->id;
  return violation(fmt::format("task {} came with a payload not its own", damaged->id),
                   seen({index, is_seen ? add : not_seen}));
}

}  // namespace lockbench::verify
