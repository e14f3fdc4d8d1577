#include "harness/verify/fifo_order.hpp"

#include "harness/verify/empty_answers.hpp"
#include "harness/verify/overtaking.hpp"
#include "harness/verify/tasks.hpp"

namespace lockbench::verify {

Verdict check_fifo_order(std::span<const Operation> history) {
  const TaskRecord record = read_tasks(history);
  return judge(record, history, [&](std::span<const Lifetime> tasks) {
    if (const auto overtaking = find_overtaking(tasks)) return explain(*overtaking);
    return judge_empty_answers(history, record.empty_answers, tasks, time_covered_by(tasks));
  });
}

}  // namespace lockbench::verify
