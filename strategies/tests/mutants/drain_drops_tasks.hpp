#pragma once

#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/original.hpp"

namespace lockbench::mutants {

/// A shutdown empties the order in either mode: what was to be drained is never handed out, and `join`
/// waits for it for ever. Correct: empty it when discarding only.
class DrainDropsTasks : public Original<DrainDropsTasks> {
public:
  static constexpr auto traits =
      claims("drain_drops_tasks", "shutdown(drain) drops the tasks that are queued");
  static constexpr Expectation expected{.caught_by = CaughtBy::contract};
  using Original::Original;

  void shutdown(ShutdownMode mode) {
    Original::shutdown(mode);
    const auto guard = lock();
    order_.clear();
  }
};
static_assert(TaskQueue<DrainDropsTasks>);

}  // namespace lockbench::mutants
