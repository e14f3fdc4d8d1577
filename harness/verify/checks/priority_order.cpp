#include "harness/verify/checks/priority_order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <iterator>
#include <utility>
#include <vector>

#include "harness/verify/checks/coverage.hpp"
#include "harness/verify/checks/empty_answers.hpp"
#include "harness/verify/checks/tasks.hpp"

namespace lockbench::verify {
namespace {

Interval take_interval(const Lifetime& task) {
  return {task.removal_invoked, task.removal_returned};
}

Verdict explain(const Lifetime& task, std::span<const Lifetime> tasks) {
  std::vector<Lifetime> higher;
  std::ranges::copy_if(tasks, std::back_inserter(higher),
                       [&](const Lifetime& other) { return other.priority > task.priority; });
  const Interval interval = take_interval(task);
  const std::vector<Lifetime> cover = smallest_cover(std::move(higher), interval);
  std::vector<std::size_t> witnesses = witnesses_of(cover);
  witnesses.push_back(task.add);
  witnesses.push_back(task.removal);
  return violation(
      fmt::format("task {} (priority {}) was taken between {} ns and {} ns, although there was a "
                  "task of higher priority at every instant of it: {}",
                  task.id, task.priority, interval.from, interval.to, cover_text(cover)),
      std::move(witnesses));
}

/// Goes through tasks from the highest priority down.
class Descent {
public:
  /// Tasks of one priority, the next lower one.
  void step(std::span<const Lifetime* const> peers) {
    for (const Lifetime* task : peers) {
      if (task->taken() && higher_.covers(take_interval(*task))) note(*task);
    }
    for (const Lifetime* task : peers) higher_.add(*task);
  }

  /// Of the tasks taken too early the one with the shortest interval, which needs the fewest others
  /// to be explained; null if there is none.
  [[nodiscard]] const Lifetime* worst() const noexcept { return worst_; }
  /// Covered by the tasks so far.
  [[nodiscard]] const CoveredTime& time() const noexcept { return higher_; }

private:
  void note(const Lifetime& task) {
    const auto length = [](const Lifetime& of) { return of.removal_returned - of.removal_invoked; };
    if (worst_ == nullptr || length(task) < length(*worst_)) worst_ = &task;
  }

  CoveredTime higher_;
  const Lifetime* worst_ = nullptr;
};

Verdict find_inversion(std::span<const Operation> history, const TaskRecord& record,
                       std::span<const Lifetime> tasks) {
  std::vector<const Lifetime*> ordered;
  ordered.reserve(tasks.size());
  for (const Lifetime& task : tasks) ordered.push_back(&task);
  std::ranges::stable_sort(ordered, std::ranges::greater{}, &Lifetime::priority);

  Descent descent;
  for (auto first = ordered.begin(); first != ordered.end();) {
    const auto last = std::ranges::find_if(first, ordered.end(), [&](const Lifetime* task) {
      return task->priority != (*first)->priority;
    });
    descent.step({first, last});
    first = last;
  }
  if (descent.worst() != nullptr) return explain(*descent.worst(), tasks);
  return judge_empty_answers(history, record.empty_answers, tasks, descent.time());
}

}  // namespace

Verdict check_priority_order(std::span<const Operation> history) {
  const TaskRecord record = read_tasks(history);
  return judge(record, history, [&](std::span<const Lifetime> tasks) {
    return find_inversion(history, record, tasks);
  });
}

}  // namespace lockbench::verify
