#include "harness/verify/checks/overtaking.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace lockbench::verify {

std::optional<Overtaking> find_overtaking(std::span<const Lifetime> tasks) {
  std::vector<const Lifetime*> by_return;
  by_return.reserve(tasks.size());
  for (const Lifetime& task : tasks) by_return.push_back(&task);
  std::ranges::sort(by_return, {}, &Lifetime::add_returned);

  // Of all tasks whose adds are over when the next add begins, the one that stays longest is the one
  // to be overtaken, if any is.
  const Lifetime* longest = nullptr;
  auto next = by_return.begin();
  for (const Lifetime& task : tasks) {
    for (; next != by_return.end() && (*next)->add_returned < task.add_invoked; ++next) {
      if (longest == nullptr || (*next)->removal_invoked > longest->removal_invoked)
        longest = *next;
    }
    if (longest != nullptr && task.taken() && task.removal_returned < longest->removal_invoked) {
      return Overtaking{longest, &task};
    }
  }
  return std::nullopt;
}

Verdict explain(const Overtaking& overtaking) {
  const Lifetime& first = *overtaking.first;
  const Lifetime& overtaker = *overtaking.overtaker;
  return violation(
      fmt::format(
          "task {} was taken by {} ns, ahead of task {}, which {}, although the add of task {} had "
          "returned at {} ns and that of task {} began at {} ns",
          overtaker.id, overtaker.removal_returned, first.id, departure_text(first), first.id,
          first.add_returned, overtaker.id, overtaker.add_invoked),
      {first.add, overtaker.add, overtaker.removal, first.removal});
}

}  // namespace lockbench::verify
