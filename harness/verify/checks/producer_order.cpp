#include "harness/verify/checks/producer_order.hpp"

#include <cstdint>
#include <unordered_map>

#include "harness/verify/checks/overtaking.hpp"
#include "harness/verify/checks/tasks.hpp"

namespace lockbench::verify {
namespace {

Verdict find_in_producers(std::span<const Lifetime> tasks) {
  // Of each producer's tasks so far, the one that stays longest: the first to be overtaken.
  std::unordered_map<std::uint16_t, const Lifetime*> longest_of;
  for (const Lifetime& task : tasks) {
    const Lifetime*& longest = longest_of[task.producer];
    if (longest != nullptr && task.taken() && task.removal_returned < longest->removal_invoked) {
      return explain(Overtaking{longest, &task});
    }
    if (task.add_returned == never) continue;
    if (longest == nullptr || task.removal_invoked > longest->removal_invoked) longest = &task;
  }
  return {};
}

}  // namespace

Verdict check_producer_order(std::span<const Operation> history) {
  return judge(read_tasks(history), history, find_in_producers);
}

}  // namespace lockbench::verify
