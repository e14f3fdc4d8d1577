#include "harness/verify/checks/empty_answers.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "harness/verify/checks/tasks.hpp"

namespace lockbench::verify {
namespace {

Verdict explain(std::size_t empty_answer, Interval interval, std::span<const Lifetime> tasks) {
  const std::vector<Lifetime> cover = smallest_cover({tasks.begin(), tasks.end()}, interval);
  std::vector<std::size_t> witnesses = witnesses_of(cover);
  witnesses.push_back(empty_answer);
  return violation(
      fmt::format("a take found nothing between {} ns and {} ns, although there was a task at "
                  "every instant of it: {}",
                  interval.from, interval.to, cover_text(cover)),
      std::move(witnesses));
}

}  // namespace

CoveredTime time_covered_by(std::span<const Lifetime> tasks) {
  CoveredTime time;
  for (const Lifetime& task : tasks) time.add(task);
  return time;
}

Verdict judge_empty_answers(std::span<const Operation> history,
                            std::span<const std::size_t> empty_answers,
                            std::span<const Lifetime> tasks, const CoveredTime& time_with_tasks) {
  std::size_t worst = not_seen;
  Interval shortest;
  for (const std::size_t index : empty_answers) {
    const Interval interval{history[index].invoked, history[index].returned};
    if (!time_with_tasks.covers(interval)) continue;
    if (worst == not_seen || interval.to - interval.from < shortest.to - shortest.from) {
      worst = index;
      shortest = interval;
    }
  }
  return worst == not_seen ? Verdict{} : explain(worst, shortest, tasks);
}

Verdict check_empty_answers(std::span<const Operation> history) {
  const TaskRecord record = read_tasks(history);
  return judge(record, history, [&](std::span<const Lifetime> tasks) {
    return judge_empty_answers(history, record.empty_answers, tasks, time_covered_by(tasks));
  });
}

}  // namespace lockbench::verify
