#include "harness/verify/checks/fifo_order.hpp"

#include "harness/verify/checks/empty_answers.hpp"
#include "harness/verify/checks/overtaking.hpp"
#include "harness/verify/checks/tasks.hpp"

namespace lockbench::verify {

Verdict check_fifo_order(std::span<const Operation> history) {
  const TaskRecord record = read_tasks(history);
  return judge(record, history, [&](std::span<const Lifetime> tasks) {
    if (const auto overtaking = find_overtaking(tasks)) return explain(*overtaking);
    return judge_empty_answers(history, record.empty_answers, tasks, time_covered_by(tasks));
  });
}

}  // namespace lockbench::verify
