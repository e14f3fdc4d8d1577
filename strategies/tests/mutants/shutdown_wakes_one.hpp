#pragma once

#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/original.hpp"

namespace lockbench::mutants {

/// A shutdown notifies one waiter, and nobody tells the others. Correct: `notify_all`.
class ShutdownWakesOne : public Original<ShutdownWakesOne> {
public:
  static constexpr auto traits =
      claims("shutdown_wakes_one", "shutdown wakes one waiter and leaves the others asleep");
  static constexpr Expectation expected{.caught_by = CaughtBy::waiting};
  using Original::Original;

private:
  friend Original;

  void announce_shutdown() {
    task_arrived_.notify_one();
    idle_.notify_all();
  }
};
static_assert(TaskQueue<ShutdownWakesOne>);

}  // namespace lockbench::mutants
