#pragma once

#include <optional>

#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/original.hpp"

namespace lockbench::mutants {

/// Cancelled entries stay in the order, and a take skips those whose record is not queued. But once
/// the cancelled task is forgotten and its id or place is used anew, the record is queued again: the
/// old entry hands the new task out, at the old task's turn. Correct: compare the sequence as well.
class ForgottenIdRevived : public Original<ForgottenIdRevived> {
public:
  static constexpr auto traits =
      claims("forgotten_id_revived",
             "the entry of a cancelled task is valid again once its place is re-used");
  static constexpr Expectation expected{.caught_by = CaughtBy::order};
  using Original::Original;

private:
  friend Original;

  void leave_order(const Entry& /*entry*/) noexcept {}

  std::optional<Task> take(Guard& /*guard*/) {
    while (!order_.empty()) {
      const auto slot = order_.begin()->slot;
      order_.erase(order_.begin());
      if (records_[slot].status == TaskStatus::queued) return begin(slot);
    }
    return std::nullopt;
  }
};
static_assert(TaskQueue<ForgottenIdRevived>);

}  // namespace lockbench::mutants
