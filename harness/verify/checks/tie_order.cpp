#include "harness/verify/checks/tie_order.hpp"

#include <algorithm>
#include <vector>

#include "harness/verify/checks/overtaking.hpp"
#include "harness/verify/checks/tasks.hpp"

namespace lockbench::verify {
namespace {

Verdict find_among_ties(std::span<const Lifetime> tasks) {
  std::vector<Lifetime> ordered(tasks.begin(), tasks.end());
  // Stable: within a priority they stay in order of their adds, as `find_overtaking` wants them.
  std::ranges::stable_sort(ordered, {}, &Lifetime::priority);
  for (auto first = ordered.cbegin(); first != ordered.cend();) {
    const auto last = std::ranges::find_if(first, ordered.cend(), [&](const Lifetime& task) {
      return task.priority != first->priority;
    });
    if (const auto overtaking = find_overtaking({first, last})) return explain(*overtaking);
    first = last;
  }
  return {};
}

}  // namespace

Verdict check_tie_order(std::span<const Operation> history) {
  return judge(read_tasks(history), history, find_among_ties);
}

}  // namespace lockbench::verify
