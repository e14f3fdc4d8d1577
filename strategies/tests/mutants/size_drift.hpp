#pragma once

#include <cstddef>

#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/original.hpp"

namespace lockbench::mutants {

/// A counter kept beside the data is changed wherever a task is queued or taken, but not where one is
/// cancelled: `size` drifts away from the truth. Correct: count on every way out of `queued`.
class SizeDrift : public Original<SizeDrift> {
public:
  static constexpr auto traits =
      claims("size_drift", "a cancelled task is not counted out of size");
  static constexpr Expectation expected{.caught_by = CaughtBy::conservation};
  using Original::Original;

  [[nodiscard]] std::size_t size() const {
    const auto guard = lock();
    return size_;
  }

private:
  friend Original;

  void set_status(Slot slot, TaskStatus status) {
    if (status == TaskStatus::queued) ++size_;
    if (status == TaskStatus::processing) --size_;
    Original::set_status(slot, status);
  }

  std::size_t size_ = 0;
};
static_assert(TaskQueue<SizeDrift>);

}  // namespace lockbench::mutants
