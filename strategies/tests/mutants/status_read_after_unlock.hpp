#pragma once

#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/hook_point.hpp"
#include "strategies/tests/mutants/original.hpp"

namespace lockbench::mutants {

/// `get_status` finds the record under the lock, but reads it when the lock is gone: by then the
/// record may be that of another task, and in any case the read is a data race. Correct: the guard
/// lives until the status has been read.
class StatusReadAfterUnlock : public Original<StatusReadAfterUnlock> {
public:
  static constexpr auto traits =
      claims("status_read_after_unlock", "get_status reads the status without the lock");
  static constexpr Expectation expected{.caught_by = CaughtBy::task_states, .data_race = true};
  using Original::Original;

  [[nodiscard]] TaskStatus get_status(TaskId id) const {
    const auto slot = find_locked(id);
    if (slot == no_slot) return TaskStatus::unknown;
    hook_point();
    return records_[slot].status;
  }

private:
  [[nodiscard]] Slot find_locked(TaskId id) const {
    const auto guard = lock();
    return find(id);
  }
};
static_assert(TaskQueue<StatusReadAfterUnlock>);

}  // namespace lockbench::mutants
